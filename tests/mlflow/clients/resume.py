"""A job from one step to another; `id` takes a run up again, `last` finds the latest by its name."""
import sys

import mlflow

name, start, end, resume = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), (sys.argv[4:] or [None])[0]
mlflow.set_experiment("resumes")
if resume == "last":
    found = mlflow.search_runs(filter_string=f"attributes.run_name = '{name}'", output_format="list", max_results=1)
    resume = found[0].info.run_id
with mlflow.start_run(run_id=resume, run_name=None if resume else name) as run:
    mlflow.log_params({"lr": 0.1, "from": start})
    for step in range(start, end):
        mlflow.log_metrics({"loss": step + start / 100}, step=step)
        for index in range(3):
            mlflow.log_metric("eval/acc", step, step=index)
    mlflow.log_table({"step": [step], "response": [f"of {start}"]}, "samples.json")
print(run.info.run_id)
