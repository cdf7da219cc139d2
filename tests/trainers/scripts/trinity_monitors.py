"""Trinity-RFT's own monitors, as its explorer and its trainer call them: `trinity_monitors.py MONITOR` logs as both, one after the other.

Evals are the explorer's, rewards and the table `rollout_examples` the trainer's, which `Trainer._log_experiences` writes.
"""
import os
import random
import sys
import types

import counted
import torch
from trinity.algorithm.sample_strategy.utils import representative_sample
from trinity.common.config import Config
from trinity.common.experience import EID, Experience
from trinity.trainer.trainer import Trainer
from trinity.utils.monitor import MONITOR

STEPS, SYNC, GROUP = 8, 2, "grpo-sums"
kind = sys.argv[1]
random.seed(5)


def monitor(role):
    config = Config(project="trinity", group=GROUP, name="sums")
    config.monitor.monitor_type = kind
    config.monitor.monitor_args = {"uri": os.environ["MLFLOW_TRACKING_URI"]} if kind == "mlflow" else {}
    config.monitor.cache_dir = "monitor"
    config.trainer.enable_preview = True
    config.synchronizer.sync_interval = SYNC
    return config, MONITOR.get(kind)(
        project=config.project, group=config.group, name=config.name, role=role, config=config
    )


def experience(task, step):
    one, other = random.randrange(50), random.randrange(50)
    is_right = random.random() < 0.3 + step / 20
    said = one + other if is_right else one - other
    return Experience(
        eid=EID(task=task, run=task),
        tokens=torch.tensor([1, 2, 3, 4]),
        prompt_length=2,
        reward=1.1 if is_right else random.choice([0.1, -0.1, 0.0]),
        prompt_text=f"<|im_start|>user\nWhat is {one} + {other}?<|im_end|>\n<|im_start|>assistant\n",
        response_text=f"<think>{one} and {other}.</think>\n{said}",
    )


def explore():
    config, tracker = monitor("explorer")
    metrics = {}

    def log(values, step):
        tracker.log(dict(values), step=step)
        for name, value in values.items():
            counted.add(metrics, told(name), step, kept(value))

    for step in range(STEPS + 1):
        if step > 0:
            log({"rollout/accuracy/mean": 0.2 + step * 0.03, "rollout/model_version": step - 1}, step)
        if step % 4 == 0:
            log({"eval/sums/accuracy/mean@4": 0.25 + step / 50, "eval/sums/accuracy/std@4": 0.1, "time/eval": 3.5}, step)
        if step > 0 and step % SYNC == 0:
            log({"explore/time/sync_interval": 1.5}, step)
    tracker.close()
    return {"run": run_of("explorer"), "project": "trinity", "group": GROUP, "metrics": metrics, "tables": []}


def train():
    config, tracker = monitor("trainer")
    metrics, rows = {}, []
    trainer = types.SimpleNamespace(_sample_exps_to_log=[], train_step_num=0, config=config, monitor=tracker)
    since = []
    for step in range(1, STEPS + 1):
        trainer.train_step_num = step
        experiences = [experience(task, step) for task in range(8)]
        samples = representative_sample(experiences)
        since += [[sample["prompt"], sample["response"], sample["reward"]] for sample in samples]
        Trainer._log_experiences(trainer, samples)
        # Its table comes at every synchronization, with the samples of all steps since the last one.
        if step % SYNC == 0:
            rows += [[step, *row] for row in since]
            since = []
        rewards = [one.reward for one in experiences]
        values = {
            "critic/rewards/mean": sum(rewards) / len(rewards),
            "critic/rewards/max": max(rewards),
            "actor/pg_loss": random.random() - 0.5,
            "actor/kl_loss": float("nan") if step == 5 else 0.01,
            "sample/task_count": 8,
        }
        tracker.log(dict(values), step=step)
        for name, value in values.items():
            counted.add(metrics, told(name), step, kept(value))
    tracker.close()
    table = {
        "name": "rollout_examples",
        "columns": ["step", "prompt", "response", "reward"],
        "rows": rows,
        "roles": {"prompt": "prompt", "response": "response", "reward": "reward"},
    }
    has_tables = kind != "tensorboard"
    tables = [table] if has_tables else []
    return {"run": run_of("trainer"), "project": "trinity", "group": GROUP, "metrics": metrics, "tables": tables}


def run_of(role):
    """TensorBoard's files know their folders alone; `files` is the one that is imported."""
    return f"files/{role}" if kind == "tensorboard" else f"sums_{role}"


def told(name):
    """MLflow's names have no @, so its monitor writes another word."""
    return name.replace("@", "_at_") if kind == "mlflow" else name


def kept(value):
    """TensorBoard's numbers have 32 bits."""
    return torch.tensor(value, dtype=torch.float32).item() if kind == "tensorboard" else value


client = {"wandb": ["wandb"], "mlflow": ["mlflow-skinny"], "tensorboard": ["tensorboard"]}[kind]
runs = [explore(), train()]
if kind == "tensorboard":
    runs = [{**run, "group": "files"} for run in runs]
counted.write(["trinity-rft", *client], runs)
