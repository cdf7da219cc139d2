"""Runs that belong together: parts of one job, a parent with its children, names that are taken."""
import sys

import mlflow

mlflow.set_experiment(sys.argv[1])
for part in ("explorer", "trainer"):
    with mlflow.start_run(run_name=f"gsm8k_{part}"):
        mlflow.log_metric("x", 1, step=1)
with mlflow.start_run(run_name="told", tags={"group": "by hand", "role": "explorer"}):
    pass
with mlflow.start_run(run_name="sweep"):
    for lr in (0.1, 0.2):
        with mlflow.start_run(run_name=f"trial {lr}", nested=True):
            mlflow.log_param("lr", lr)
for _ in range(3):
    with mlflow.start_run(run_name="same") as run:
        print(run.info.run_id)
with mlflow.start_run() as unnamed:
    print(unnamed.info.run_name)
