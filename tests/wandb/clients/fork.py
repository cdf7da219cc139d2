"""`fork.py PROJECT` forks a run at its step 4, and goes on."""
import sys

import wandb

project = sys.argv[1]
with wandb.init(project=project, id=f"{project}-parent") as run:
    for step in range(10):
        run.log({"loss": step, "other": step / 2} if step % 2 else {"loss": step})
with wandb.init(project=project, id=f"{project}-child", fork_from=f"{project}-parent?_step=4") as run:
    for step in range(5, 8):
        run.log({"loss": 100 + step}, step=step)
