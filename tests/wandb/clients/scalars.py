"""Numbers of every kind, over `_step` and over a step metric; config, tags, notes, group, summary."""
import math
import sys

import wandb

run = wandb.init(
    project="maths",
    id=sys.argv[1],
    name="qwen-grpo",
    group="sweep-1",
    job_type="train",
    tags=["grpo", "7b"],
    notes="first try",
    config={"lr": 1e-4, "model": {"name": "qwen", "layers": [1, 2]}, "none": None},
)
run.define_metric("train/global_step")
run.define_metric("train/*", step_metric="train/global_step")
for i in range(5):
    run.log({"loss": 1 / (i + 1), "train/global_step": 10 * i, "train/reward": i / 2})
run.log({"odd/nan": math.nan, "odd/inf": math.inf, "odd/minus": -math.inf, "odd/bool": True, "odd": {"deep": {"x": 2}}})
run.log({"phase": "eval", "big": 2**60, "small": 5e-324}, step=20)
for i in range(3):
    run.log({f"many/{m}": m + i / 4 for m in range(1000)}, step=30 + i)
print("hello from the trainer")
run.config.update({"late": "yes"})
run.summary["best"] = 0.75
run.alert(title="reward hacked", text="look at step 4", level=wandb.AlertLevel.WARN)
run.finish()
