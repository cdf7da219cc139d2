"""A run that ends without `finish`: `fails.py ID raise|exit|vanish`."""
import sys
import time

import wandb

run = wandb.init(project="fails", id=sys.argv[1])
for step in range(3):
    run.log({"loss": step})
if sys.argv[2] == "raise":
    raise ValueError("the loss went up")
if sys.argv[2] == "exit":
    sys.exit(0)
print("written", flush=True)
time.sleep(60)
