"""accelerate's trackers, as a script of one's own uses them: `accelerate_trackers.py TRACKER`. A job of its own is before it.

The other job is in a project that comes first by name; a tracker that does not ask for its own by name ends up in it.
"""
import sys

import counted
from accelerate import Accelerator

TRACKER = sys.argv[1]
runs = []
for project in ("another", "sums"):
    metrics = {}
    accelerator = Accelerator(log_with=TRACKER, cpu=True)
    names = {"wandb": {"name": project}, "mlflow": {"run_name": project}, "trackio": {"name": project}}
    accelerator.init_trackers(project, config={"lr": 1e-5, "batch": 8}, init_kwargs={TRACKER: names[TRACKER]})
    for step in range(6):
        values = {"train/loss": 1 / (step + 1), "eval/accuracy": float("nan") if step == 3 else step / 10}
        accelerator.log(values, step=step)
        for name, value in values.items():
            counted.add(metrics, name, step, value)
    accelerator.end_training()
    runs.append({"run": project, "project": project, "metrics": metrics, "tables": []})
client = {"wandb": "wandb", "mlflow": "mlflow-skinny", "trackio": "trackio"}[TRACKER]
counted.write(["accelerate", client], runs)
