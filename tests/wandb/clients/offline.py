"""A run without a network, to be synced later (WANDB_MODE=offline)."""
import math
import sys

import wandb

run = wandb.init(project="offline", id=sys.argv[1], config={"lr": 0.5})
for step in range(50):
    run.log({"loss": step / 4, "bad": math.nan})
run.log({"rollouts": wandb.Table(columns=["prompt", "response", "reward"], data=[["p", "r", 1.0]])}, step=50)
run.finish()
