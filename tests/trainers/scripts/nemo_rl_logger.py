"""NeMo-RL's own logger, as its GRPO calls it, and its dumps of training and validation: `nemo_rl_logger.py BACKEND`."""
import random
import sys

import absent
import counted
import torch

absent.leave_out("swanlab", "pynvml")
from nemo_rl.distributed.batched_data_dict import BatchedDataDict  # noqa: E402
from nemo_rl.utils.logger import Logger  # noqa: E402

BACKEND = sys.argv[1]
STEPS, EVERY, SIZE = 6, 3, 4
random.seed(6)
logger = Logger(
    {
        "log_dir": "logs",
        "wandb_enabled": BACKEND == "wandb",
        "swanlab_enabled": False,
        "tensorboard_enabled": BACKEND == "tensorboard",
        "mlflow_enabled": BACKEND == "mlflow",
        "wandb": {"project": "nemo-rl", "name": "grpo"},
        "tensorboard": {},
        "mlflow": {"experiment_name": "nemo-rl", "run_name": "grpo"},
        "monitor_gpus": False,
    }
)
logger.log_hyperparams({"grpo": {"num_prompts_per_step": 2}, "policy": {"model_name": "tiny"}})
metrics, rollouts, evals = {}, [], []


def log(values, step, prefix, told=None, **rest):
    """`told`: what a backend makes of values that are no numbers."""
    logger.log_metrics(values, step, prefix=prefix, **rest)
    for name, value in (told or values).items():
        number = torch.tensor(value, dtype=torch.float32).item() if BACKEND == "tensorboard" else value
        counted.add(metrics, f"{prefix}/{name}", step, number)


def asked():
    one, other = random.randrange(20), random.randrange(20)
    said = one + other + random.randrange(2)
    messages = [
        {"role": "user", "content": f"What is {one} plus {other} ?"},
        {"role": "assistant", "content": str(said)},
    ]
    return messages, float(said == one + other)


def validate(step):
    samples = [asked() for _ in range(SIZE)]
    rewards = [reward for _, reward in samples]
    # Tensors of a message are left out of what it logs.
    logs = [[{**message} for message in messages] for messages, _ in samples]
    logger.log_batched_dict_as_jsonl({"content": logs, "rewards": rewards}, f"val_data_step{step}.jsonl")
    evals.extend([step, messages[0]["content"], messages[1]["content"], reward] for messages, reward in samples)
    log({"accuracy": sum(rewards) / SIZE, "avg_length": 1.5}, step, "validation")
    log({"total_validation_time": 2.5}, step, "timing/validation")


validate(0)
for step in range(1, STEPS + 1):
    if step % EVERY == 0:
        validate(step)
    samples = [asked() for _ in range(SIZE)]
    rewards = torch.tensor([reward for _, reward in samples])
    advantages = rewards - rewards.mean()
    # Of a conversation under a chat template it logs the text.
    texts = [f"<|im_start|>user\n{q['content']}<|im_end|>\n<|im_start|>assistant\n{a['content']}" for (q, a), _ in samples]
    ids = torch.arange(SIZE * 3).reshape(SIZE, 3)
    log_data = BatchedDataDict(
        {
            "content": texts,
            "rewards": rewards.tolist(),
            "input_lengths": [3] * SIZE,
            "token_ids": ids.tolist(),
            "token_loss_mask": torch.ones_like(ids).tolist(),
            "sample_loss_mask": [1.0] * SIZE,
            "advantages": advantages[:, None].expand(SIZE, 3).tolist(),
            "generation_logprobs": (-ids / 7).tolist(),
            "prev_logprobs": (-ids / 8).tolist(),
        }
    )
    logger.log_batched_dict_as_jsonl(log_data, f"train_data_step{step}.jsonl")
    for text, reward, advantage in zip(texts, rewards.tolist(), advantages.tolist()):
        prompt, response = text[: -len(text.rsplit("\n", 1)[1])], text.rsplit("\n", 1)[1]
        rollouts.append([step, prompt, response, reward, advantage])
    values = {"loss": random.random(), "reward": rewards.mean().item(), "kl_penalty": float("nan") if step == 4 else 0.01}
    if BACKEND == "tensorboard":
        # Lists are no scalars, and left out there.
        log({**values, "lengths": [1, 2]}, step, "train", told=values)
    else:
        log(values, step, "train")
    log({"valid_tokens_per_sec_per_gpu": 10.0 + step}, step, "performance")
    log({"total_step_time": 1.25}, step, "timing/train", step_finished=True)
logger.finish()

if BACKEND == "tensorboard":
    for writer in logger.loggers:
        writer.writer.close()
tables = [
    {
        "name": "rollouts",
        "columns": ["step", "prompt", "response", "reward", "advantage"],
        "rows": rollouts,
        "roles": {"content": "messages", "reward": "reward", "advantage": "advantage"},
    },
    {
        "name": "eval_rollouts",
        "columns": ["step", "prompt", "response", "reward"],
        "rows": evals,
        "roles": {"content": "messages", "reward": "reward"},
    },
] * (BACKEND == "tensorboard")
client = {"wandb": ["wandb"], "mlflow": ["mlflow-skinny"], "tensorboard": ["tensorboard"]}[BACKEND]
run = {"run": "grpo", "project": "nemo-rl", "metrics": metrics, "tables": tables, "evals": ["validation/accuracy"]}
counted.write(client, [run], ran="Its logger, with values as its GRPO gives them; nothing generates or trains")
