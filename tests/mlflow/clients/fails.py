"""Runs that do not end well: `raise`, `kill` (by MLflow's word for it), and what the store has not: `model`, `trace`."""
import sys

import mlflow

name, how = sys.argv[1:3]
mlflow.set_experiment("fails")
with mlflow.start_run(run_name=name):
    mlflow.log_metric("loss", 1, step=1)
    if how == "raise":
        raise ValueError("the loss went up")
    if how == "kill":
        mlflow.end_run("KILLED")
    if how == "inputs":
        mlflow.MlflowClient().log_inputs(mlflow.active_run().info.run_id, [])
        mlflow.log_metric("loss", 2, step=2)
    if how == "model":
        mlflow.MlflowClient().create_logged_model(mlflow.active_run().info.experiment_id)
