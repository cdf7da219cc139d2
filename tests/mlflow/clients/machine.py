"""Machine metrics beside training steps, over a resume, and one that is logged after the run's end."""
import sys
import time

import mlflow

mlflow.set_system_metrics_sampling_interval(0.2)
mlflow.set_experiment("machines")
run_id = None
for part in range(2):
    with mlflow.start_run(run_id=run_id, run_name=sys.argv[1], log_system_metrics=True) as run:
        run_id = run.info.run_id
        mlflow.log_metric("loss", part, step=part)
        time.sleep(2)
mlflow.MlflowClient().log_metric(run_id, "late", 1, step=9)
