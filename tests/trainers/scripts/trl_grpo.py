"""TRL's GRPO with two reward functions, a column and a metric that one of them adds, and evals.

`trl_grpo.py TRACKER first` trains, evaluates and saves, and is killed after step 8; `trl_grpo.py TRACKER second` resumes from
the checkpoint of step 6. What the trainer counted is its own log history and what its own table held at each log call.
"""
import json
import os
import signal
import sys
import time

import counted
import torch
from datasets import Dataset
from tiny import sums, tiny_model, tiny_tokenizer
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

TRACKER, PART = sys.argv[1:3]
LAST, KILLED_AT = 12, 8
# W&B's client sends at most every 15 seconds; what it holds back when the job is killed was never told to anybody.
SENDING = 17


def correctness(completions, solution, log_extra, log_metric, **_):
    digits = [sum(character.isdigit() for character in text) for text in completions]
    log_extra("digits", digits)
    log_metric("digits_mean", sum(digits) / len(digits))
    return [1.0 if right in text.split() else 0.0 for text, right in zip(completions, solution)]


def length(completions, **_):
    return [-len(text.split()) / 8 for text in completions]


class Killed(TrainerCallback):
    def on_step_end(self, args, state, control, **_):
        if PART == "first" and state.global_step == KILLED_AT + 1:
            if TRACKER == "mlflow":
                import mlflow

                with open("run_id", "w") as file:
                    file.write(mlflow.active_run().info.run_id)
            if TRACKER not in ("none", "tensorboard"):
                time.sleep(SENDING)
            os.kill(os.getpid(), signal.SIGKILL)


class Counting(GRPOTrainer):
    """Keeps each table as the trainer has it when it logs, by step, training and evaluation apart."""

    def log(self, logs, start_time=None):
        mode = "train" if self.model.training else "eval"
        super().log(logs, start_time)
        rows = zip(
            self._logs["prompt"],
            self._logs["completion"],
            *self._logs["rewards"].values(),
            self._logs["extra"]["digits"],
            self._logs["advantages"],
            # The reward that it trains on, of which its table has the parts alone.
            map(sum, zip(*self._logs["rewards"].values())),
        )
        # Its last log call sums the run up and shows the rows of the last step once more.
        if "train_runtime" not in logs:
            with open("tables.jsonl", "a") as file:
                file.write(json.dumps([self.state.global_step, mode, [list(row) for row in rows]]) + "\n")


if os.path.exists("run_id"):
    with open("run_id") as file:
        os.environ["MLFLOW_RUN_ID"] = file.read()
torch.set_num_threads(1)
tokenizer = tiny_tokenizer()
config = GRPOConfig(
    output_dir="out",
    run_name="grpo",
    project="trl",
    report_to=[TRACKER],
    max_steps=LAST,
    logging_steps=1,
    save_steps=3,
    eval_strategy="steps",
    eval_steps=4,
    per_device_train_batch_size=4,
    per_device_eval_batch_size=4,
    num_generations=4,
    gradient_accumulation_steps=2,
    max_completion_length=6,
    learning_rate=1e-2,
    log_completions=True,
    use_cpu=True,
    bf16=False,
    gradient_checkpointing=False,
    disable_tqdm=True,
    seed=3,
)
trainer = Counting(
    model=tiny_model(tokenizer),
    reward_funcs=[correctness, length],
    args=config,
    train_dataset=Dataset.from_list(sums(32)),
    eval_dataset=Dataset.from_list(sums(2, 5)),
    processing_class=tokenizer,
    callbacks=[Killed()],
)
trainer.train(resume_from_checkpoint=None if PART == "first" else "out/checkpoint-6")

# Clients of W&B and trackio are told names with a slash; of these, W&B's has them as its summary, and trackio's not at all.
SUMMARY = ("train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "total_flos")
metrics, summary = {}, {}
for entry in trainer.state.log_history:
    for name, value in entry.items():
        if name == "step" or value is None:
            continue
        if TRACKER in ("mlflow", "none"):
            counted.add(metrics, name, entry["step"], value)
        elif name in SUMMARY and TRACKER != "tensorboard":
            summary[name] = counted.number(value)
        else:
            told = f"eval/{name[5:]}" if name.startswith("eval_") else f"train/{name}"
            # TensorBoard's numbers have 32 bits.
            is_short = TRACKER == "tensorboard"
            counted.add(metrics, told, entry["step"], torch.tensor(value).item() if is_short else value)
if TRACKER == "none":
    # The state is written with the checkpoint of the last step, before the run is summed up.
    for name in SUMMARY:
        metrics.pop(name, None)
# The steps of the resumed process, and before them those of the killed one that it did not take again.
tables = {"train": {}, "eval": {}}
with open("tables.jsonl") as file:
    for line in file:
        step, mode, rows = json.loads(line)
        tables[mode][step] = [[step, *row] for row in rows]
if TRACKER == "none":
    # Its file of a step is written over by the eval at that step.
    tables["train"] = {step: rows for step, rows in tables["train"].items() if step not in tables["eval"]}
columns = ["step", "prompt", "response", "correctness", "length", "digits", "advantage", "reward_sum"]
roles = {
    "prompt": "prompt",
    "response": "response",
    "correctness": "rewardPart",
    "length": "rewardPart",
    "advantage": "advantage",
    "reward_sum": "reward",
}
kept = [
    {"name": name, "columns": columns, "roles": roles, "rows": [row for step in sorted(of) for row in of[step]]}
    for name, of in (("completions", tables["train"]), ("eval_completions", tables["eval"]))
]
client = {"mlflow": ["mlflow-skinny"], "none": []}.get(TRACKER, [TRACKER])
has_tables = TRACKER not in ("mlflow", "tensorboard")
run = {"run": "grpo", "project": "trl", "metrics": metrics, "tables": kept if has_tables else []}
counted.write(["trl", "transformers", "torch", *client], [{**run, "summary": summary if TRACKER == "wandb" else {}}])
