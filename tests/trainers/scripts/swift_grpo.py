"""ms-swift's GRPO (`swift rlhf`) on a tiny model, with two reward functions of its plugins, one of which counts half, and
evals of fewer rollouts than a step has.

What the trainer counted is its own log history and the table that it holds at each log call. It keeps so many rollouts as
a step has, so after an eval it holds some of the training still.
"""
import json

import counted
import torch
from tiny import sums, tiny_model, tiny_tokenizer

LAST = 6
EVAL_ROLLOUTS = 2
PLUGIN = '''
from swift.rewards import ORM, orms


class Right(ORM):
    def __call__(self, completions, solution, **_):
        return [1.0 if right in text else 0.0 for text, right in zip(completions, solution)]


class Short(ORM):
    def __call__(self, completions, **_):
        return [-len(text) / 32 for text in completions]


orms["right"], orms["short"] = Right, Short
'''

torch.set_num_threads(1)
tokenizer = tiny_tokenizer()
tiny_model(tokenizer).save_pretrained("tiny")
tokenizer.save_pretrained("tiny")
with open("plugin.py", "w") as file:
    file.write(PLUGIN)
for name, questions in (("data.jsonl", sums(17)[:16]), ("val.jsonl", sums(17)[16:])):
    with open(name, "w") as file:
        for row in questions:
            messages = [{"role": "user", "content": row["prompt"]}]
            file.write(json.dumps({"messages": messages, "solution": row["solution"]}) + "\n")

import swift.rlhf_trainers  # noqa: E402
from swift.pipelines import rlhf_main  # noqa: E402

rows, eval_rows, history = [], [], []


class Counting(swift.rlhf_trainers.GRPOTrainer):
    def log(self, logs, start_time=None):
        super().log(logs, start_time)
        history[:] = self.state.log_history
        # Its last log call sums the run up and shows the rows of the last step once more.
        if "train_runtime" not in logs:
            held, rewards = self._logs, self._logs["rewards"]
            cells = zip(held["prompt"], held["completion"], *rewards.values(), held["advantages"], held["solution"])
            is_eval = "eval_loss" in logs
            for prompt, completion, right, short, advantage, solution in list(cells)[-EVAL_ROLLOUTS if is_eval else 0 :]:
                total = right + 0.5 * short
                row = [self.state.global_step, prompt, completion, right, short, total, advantage, solution]
                (eval_rows if is_eval else rows).append(row)


swift.rlhf_trainers.GRPOTrainer = Counting
options = {
    "rlhf_type": "grpo",
    "model": "tiny",
    "model_type": "qwen2",
    "template": "qwen2_5",
    "dataset": "data.jsonl",
    "val_dataset": "val.jsonl",
    "eval_strategy": "steps",
    "eval_steps": 2,
    "per_device_eval_batch_size": 2,
    "num_generations_eval": EVAL_ROLLOUTS,
    "external_plugins": "plugin.py",
    "reward_funcs": "right short",
    "reward_weights": "1 0.5",
    "tuner_type": "full",
    "torch_dtype": "float32",
    "bf16": "false",
    "use_cpu": "true",
    "gradient_checkpointing": "false",
    "max_steps": LAST,
    "save_steps": 3,
    "logging_steps": 1,
    "per_device_train_batch_size": 4,
    "num_generations": 4,
    "max_completion_length": 6,
    "max_length": 64,
    "learning_rate": 1e-2,
    "log_completions": "true",
    "report_to": "tensorboard",
    "use_hf": "true",
    "dataset_num_proc": 1,
    "dataloader_num_workers": 0,
    "output_dir": "out",
    "add_version": "false",
    "seed": 3,
}
rlhf_main([word for name, value in options.items() for word in (f"--{name}", *str(value).split())])

# Its log file has eight digits of each.
metrics = {}
for entry in history:
    for name, value in entry.items():
        if name != "step" and isinstance(value, (int, float)):
            counted.add(metrics, name, entry["step"], round(value, 8))
columns = ["step", "prompt", "response", "Right", "Short", "reward_sum", "advantage", "solution"]
roles = {
    "prompt": "prompt",
    "response": "response",
    "Right": "rewardPart",
    "Short": "rewardPart",
    "reward_sum": "reward",
    "advantage": "advantage",
    "solution": "groundTruth",
}
tables = [
    {"name": name, "columns": columns, "rows": counted_rows, "roles": roles}
    for name, counted_rows in (("completions", rows), ("eval_completions", eval_rows))
]
counted.write(["ms-swift"], [{"run": "grpo", "project": "ms-swift", "metrics": metrics, "tables": tables}])
