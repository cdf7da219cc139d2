"""verl's own Tracking, table of validation generations, and dumps of rollouts of its V1 trainer (the default).

`verl_tracking.py BACKEND first` is killed after step 7; `verl_tracking.py BACKEND second` goes on from the checkpoint of step
5, and validates there before it trains, as verl does by default. `verl_tracking.py file whole` is one process, since verl's
file logger empties its file when a job starts.
"""
import concurrent.futures
import json
import os
import random
import signal
import sys
import time
import types
import uuid

import counted
import torch
from tiny import tiny_tokenizer

# What moves tensors between its workers, of which there are none here.
sys.modules["transfer_queue"] = types.ModuleType("transfer_queue")
sys.modules["transfer_queue"].KVBatchMeta = object
from verl.trainer.ppo.v1 import trainer_base  # noqa: E402
from verl.utils.tracking import Tracking, ValidationGenerationsLogger  # noqa: E402

BACKEND, PART = sys.argv[1:3]
CHECKPOINT, KILLED_AFTER, LAST = 5, 7, 10
SENDING = 17
os.environ["VERL_FILE_LOGGER_PATH"] = "metrics.jsonl"
tokenizer = tiny_tokenizer()
random.seed(PART)
if os.path.exists("run_id"):
    with open("run_id") as file:
        os.environ["MLFLOW_RUN_ID"] = file.read()
tracking = Tracking("verl", "ppo", [BACKEND], {"trainer": {"total_epochs": 1}, "actor": {"lr": 1e-6}})
generations = ValidationGenerationsLogger(project_name="verl", experiment_name="ppo")


def remember(kind, step, value):
    with open("told.jsonl", "a") as file:
        file.write(json.dumps([kind, step, value]) + "\n")


def is_taken(step):
    """W&B's client drops what is logged at a step before the one that it resumed at."""
    return BACKEND != "wandb" or step >= tracking.logger["wandb"].run.step


def log(values, step):
    if is_taken(step):
        remember("metrics", step, {name: counted.number(value) for name, value in values.items()})
    tracking.log(data=values, step=step)


def validate(step):
    samples = [(f"What is {i} plus {step} ?", f"{i + step + i % 2}", float(i % 2 == 0)) for i in range(4)]
    if is_taken(step):
        remember("val", step, samples)
    generations.log([BACKEND], samples, step)
    return {"val-core/sums/acc/mean@1": sum(score for *_, score in samples) / 4 + step / 100}


class Ragged(list):
    def to_padded_tensor(self, padding):
        width = max(map(len, self))
        return torch.tensor([row + [padding] * (width - len(row)) for row in self])


class Texts(list):
    def tolist(self):
        return list(self)


def dump(step):
    """Two prompts with two sessions each, one of which has two outputs. A prompt's group is its uid."""
    keys, prompts, responses, scores, truths, rows = [], [], [], [], [], []
    for _ in range(2):
        uid, one = str(uuid.UUID(int=random.getrandbits(128), version=4)), random.randrange(20)
        for session, output in ((0, 0), (1, 0), (1, 1)):
            keys.append(f"{uid}_{session}_{output}")
            prompts.append(f"What is {one} plus {step} ?")
            responses.append(str(random.choice([one + step, one])))
            truths.append(str(one + step))
            scores.append(float(responses[-1] == truths[-1]))
            rows.append([step, prompts[-1], responses[-1], scores[-1], truths[-1], uid])
    ids = lambda texts: Ragged(tokenizer(text)["input_ids"] for text in texts)  # noqa: E731
    data = {
        "uid": Texts(keys),
        "prompts": ids(prompts),
        "responses": ids(responses),
        "rm_scores": torch.tensor([[score] for score in scores]),
        "reward_model": Texts({"ground_truth": truth} for truth in truths),
    }
    trainer_base.tq.kv_batch_get = lambda **_: data
    trainer = types.SimpleNamespace(tokenizer=tokenizer, global_steps=step, _dump_futures=[])
    with concurrent.futures.ThreadPoolExecutor() as trainer._dump_executor:
        own = trainer_base.PPOTrainer
        trainer._write_generations = own._write_generations
        trainer._dump_generations = types.MethodType(own._dump_generations, trainer)
        batch = types.SimpleNamespace(keys=keys, partition_id="train")
        own._log_rollout_data(trainer, batch, {}, "rollouts")
    # verl writes them by uid.
    remember("rollouts", step, sorted(rows, key=lambda row: row[-1]))


if PART == "second":
    log(validate(CHECKPOINT), CHECKPOINT)
for step in range(CHECKPOINT + 1 if PART == "second" else 1, LAST + 1):
    if PART == "first" and step > KILLED_AFTER:
        if BACKEND == "mlflow":
            import mlflow

            with open("run_id", "w") as file:
                file.write(mlflow.active_run().info.run_id)
        time.sleep(SENDING if BACKEND == "wandb" else 0)
        os.kill(os.getpid(), signal.SIGKILL)
    values = {
        "critic/rewards/mean": random.random(),
        "actor/pg_loss": random.random() - 0.5,
        "actor/kl_loss": float("nan") if step == 4 else 0.01,
        "training/global_step": step,
    }
    if step % 5 == 0:
        values |= validate(step)
    if BACKEND == "file":
        dump(step)
    log(values, step)
tracking.finish()

# What the killed process told after the checkpoint was told again, but for what W&B's client drops.
metrics, told = {}, {"val": {}, "rollouts": {}}
with open("told.jsonl") as file:
    for line in file:
        kind, step, value = json.loads(line)
        if kind == "metrics":
            for name, number in value.items():
                # verl's file logger writes null for NaN.
                if not (BACKEND == "file" and number == "NaN"):
                    # verl's MLflow adapter writes another word for @, which MLflow's names lack.
                    told_as = name.replace("@", "_at_") if BACKEND == "mlflow" else name
                    counted.add(metrics, told_as, step, number)
        else:
            told[kind][step] = value
val = [[step, *sample] for step in sorted(told["val"]) for sample in told["val"][step]]
rollouts = [row for step in sorted(told["rollouts"]) for row in told["rollouts"][step]]
tables = {
    "wandb": [("val/generations", val, ["step", "prompt", "response", "score"], {})],
    "mlflow": [],
    "file": [
        (
            "rollouts",
            rollouts,
            ["step", "prompt", "response", "score", "groundTruth", "groupId"],
            {"groundTruth": "groundTruth", "groupId": "groupId"},
        )
    ],
}[BACKEND]
roles = {"prompt": "prompt", "response": "response", "score": "reward"}
client = {"wandb": ["wandb"], "mlflow": ["mlflow-skinny"], "file": []}[BACKEND]
counted.write(
    ["verl", *client],
    [
        {
            "run": "ppo",
            "project": "verl",
            "metrics": metrics,
            "tables": [
                {"name": name, "columns": columns, "rows": rows, "roles": {**roles, **more}}
                for name, rows, columns, more in tables
            ],
        }
    ],
)
