"""`lossy.py NAME STEPS` logs one step after another; one whose answer it cannot read it passes over, and says so."""
import sys

import mlflow
import requests

name, steps = sys.argv[1], int(sys.argv[2])
mlflow.set_experiment("outages")
with mlflow.start_run(run_name=name):
    for step in range(steps):
        try:
            mlflow.log_metrics({"loss": step / 8}, step=step)
            print(f"step {step} logged", flush=True)
        except (mlflow.MlflowException, requests.RequestException) as cause:
            print(f"step {step} not known: {type(cause).__name__}", flush=True)
