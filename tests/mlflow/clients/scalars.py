"""Everything of a run that is no table, as verl, Trinity-RFT and transformers' callback log it."""
import math
import sys

import mlflow

experiment = mlflow.set_experiment("maths/gsm8k")
with mlflow.start_run(experiment_id=experiment.experiment_id, run_name=sys.argv[1], tags={"stage": "rl", "quick": "", "long": "x" * 300}, description="first try") as run:
    mlflow.log_params({"lr": 1e-06, "n": 16, "flag": True, "nothing": None, "layers": [1, 2], "code": "007"})
    mlflow.log_params({f"many/{i}": i for i in range(250)})
    for step in range(5):
        metrics = {"critic/rewards/mean": step / 2, "val-core/gsm8k/reward/mean_at_4": 1 / (step + 1)}
        mlflow.log_metrics(metrics, step=10 * step)
    mlflow.log_metrics({"odd/nan": math.nan, "odd/inf": math.inf, "odd/minus": -math.inf, "odd/bool": True}, step=5)
    mlflow.log_metric("big", 2**60, step=20)
    mlflow.log_metric("small", 5e-324, step=20)
    mlflow.log_metric("no step", 7)
    mlflow.log_metric("dated", 1, step=3, timestamp=1_700_000_000_123)
    mlflow.log_metrics({f"wide/{i}": i + 0.25 for i in range(2500)}, step=1)
    for step in range(30):
        mlflow.log_metric("later", step, step=step, synchronous=False)
    mlflow.flush_async_logging()
    mlflow.set_tags({"late": "yes", "gone": "soon"})
    mlflow.delete_tag("gone")

found = mlflow.get_run(run.info.run_id)
assert found.info.status == "FINISHED" and found.info.run_name == sys.argv[1], found.info
assert found.data.metrics["big"] == 2.0**60 and math.isnan(found.data.metrics["odd/nan"]), found.data.metrics
assert found.data.params["lr"] == "0.000001" and found.data.params["flag"] == "True", found.data.params
assert found.data.tags["stage"] == "rl" and found.data.tags["long"] == "x" * 300 and "gone" not in found.data.tags
assert [point.step for point in mlflow.MlflowClient().get_metric_history(run.info.run_id, "critic/rewards/mean")] == [0, 10, 20, 30, 40]
print(run.info.run_id)
