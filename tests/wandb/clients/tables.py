"""wandb.Table in every mode: once, cumulative, wide, incremental, mutable; with its own step; NaN among the rewards."""
import inspect
import math
import sys

import wandb

run = wandb.init(project="tables", id=sys.argv[1])
has_modes = "log_mode" in inspect.signature(wandb.Table.__init__).parameters

for step in (1, 2):
    rows = [[f"prompt {i}", f"answer {step}.{i}\n<b>é</b> \U0001f44d", i / 2] for i in range(3)] + [["bad", None, math.nan]]
    run.log({"rollout_examples": wandb.Table(columns=["prompt", "response", "reward"], data=rows)}, step=step)

# TRL writes its steps as strings, in a column of the table, and what log_extra adds beside the reward functions.
run.log({f"train/rewards/{name}/mean": mean for name, mean in (("format_reward", 0.5), ("brief", 0.25))}, step=3)
names = ["step", "prompt", "completion", "format_reward", "brief", "n_digits", "advantage"]
completions = wandb.Table(columns=names, data=[["7", "p", "c", 0.5, 0.25, 40, 0.0]])
run.log({"completions": completions}, step=3)

# verl logs its whole validation table anew, one wide row a step.
columns = ["step"] + [f"{name}_{n}" for n in (1, 2) for name in ("input", "output", "score")]
rows = []
for step in range(10, 15):
    rows.append([step, "p1", f"a{step}", 0.5, "p2", f"b{step}", 1.0])
    run.log({"val/generations": wandb.Table(columns=columns, data=list(rows))}, step=step)

if has_modes:
    mutable = wandb.Table(columns=["prompt", "response"], log_mode="MUTABLE")
    incremental = wandb.Table(columns=["prompt", "response"], log_mode="INCREMENTAL")
    for step in range(20, 24):
        mutable.add_data("m", f"mutable {step}")
        incremental.add_data("i", f"increment {step}")
        run.log({"mutable": mutable, "incremental": incremental}, step=step)
    mutable.add_column("reward", [0.0, 0.25, 0.5, 0.75])
    run.log({"mutable": mutable}, step=24)
run.finish()
