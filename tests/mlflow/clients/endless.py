"""`endless.py NAME STEPS [END]` logs one step after another and says so, until the file END is there, if one is named.

The table `samples` gets a row every 20 steps.
"""
import os
import sys
import time

import mlflow

name, steps = sys.argv[1], int(sys.argv[2])
mlflow.set_experiment("outages")
with mlflow.start_run(run_name=name):
    for step in range(steps):
        if os.path.exists((sys.argv[3:] or [""])[0]):
            break
        mlflow.log_metrics({"loss": step / 8, "reward": 1 - step}, step=step)
        if step % 20 == 0:
            mlflow.log_table({"step": [step], "response": [f"r{step}"]}, "samples.json")
        print(f"step {step} logged", flush=True)
        time.sleep(0.02)
