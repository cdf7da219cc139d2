"""What an MLflow server holds after a few runs: numbers by step, odd ones, parameters, tags, tables, nested runs."""
import math
import sys

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("maths")
with mlflow.start_run(run_name="grpo", tags={"team": "a", "mlflow.note.content": "first try"}) as run:
    mlflow.log_params({"lr": 1e-4, "model": "qwen", "layers": [1, 2], "flag": True})
    for step in range(300):
        mlflow.log_metric("train/reward", step / 4, step=step)
        if step % 50 == 0:
            mlflow.log_metrics({"eval/accuracy": step / 300, "odd": math.nan if step else 1.5}, step=step)
    mlflow.log_metric("system/cpu", 0.5, step=0)
    for step in range(3):
        mlflow.log_table(
            {"prompt": ["p", "q"], "response": [f"r{step}", "é\n"], "reward": [step / 2, 1.0], "step": [step, step]},
            "rollouts.json",
        )
    mlflow.log_dict({"a": {"b": 1}}, "config/model.json")
    mlflow.log_text("hello", "notes.txt")
try:
    with mlflow.start_run(run_name="ppo"):
        mlflow.log_metric("loss", 0.25, step=7)
        raise ValueError("as it happens")
except ValueError:
    pass
mlflow.set_experiment("empty")
mlflow.set_experiment("other")
with mlflow.start_run(run_name="grpo"):
    mlflow.log_metric("loss", 1, step=1)
print("done")
