"""One process of several that write one run: `shared.py ID NUMBER`."""
import sys

import wandb

name, number = sys.argv[1], sys.argv[2]
settings = wandb.Settings(mode="shared", x_label=f"rank-{number}", x_primary=number == "0", x_update_finish_state=number == "0")
run = wandb.init(project="shared", id=name, settings=settings)
for step in range(20):
    run.log({f"rank{number}/loss": step / 10})
run.log({f"rank{number}/samples": wandb.Table(columns=["prompt", "response"], data=[["p", f"of {number}"]])})
run.finish()
