"""A job that is resumed: `resume.py ID FIRST LAST [RESUME]` logs steps FIRST to LAST over a step metric and over `_step`."""
import sys

import wandb

name, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
resume = sys.argv[4] if len(sys.argv) > 4 else None
run = wandb.init(project="attempts", id=name, resume=resume, config={f"from_{first}": True})
run.define_metric("train/global_step")
run.define_metric("train/*", step_metric="train/global_step")
for step in range(first, last + 1):
    run.log({"train/reward": step + first / 100, "train/global_step": step, "calls": step})
# An index that goes round and round is no resumed job.
run.define_metric("eval/index")
run.define_metric("eval/*", step_metric="eval/index")
for round in range(2):
    for index in range(3):
        run.log({"eval/score": round, "eval/index": index})
run.finish()
