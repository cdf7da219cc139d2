"""`endless.py ID STEPS [END [EVERY]]` logs ten steps a second, until the file END is there, if one is named.

The table `samples` gets a row every 50 steps, or as many as EVERY says. Says how far it is.
"""
import os
import sys
import time

import wandb

every = int((sys.argv[4:] or ["50"])[0])
run = wandb.init(project="endless", id=sys.argv[1])
for step in range(int(sys.argv[2])):
    if os.path.exists((sys.argv[3:] or [""])[0]):
        break
    began = time.monotonic()
    run.log({"loss": step / 8}, step=step)
    took = time.monotonic() - began
    # Not timed: the client itself asks the server about a table before it logs one.
    if step % every == 0:
        run.log({"samples": wandb.Table(columns=["prompt", "response"], data=[["p", f"r{step}"]])}, step=step)
    print(f"step {step} took {took * 1000:.1f} ms", flush=True)
    time.sleep(0.1)
run.finish()
