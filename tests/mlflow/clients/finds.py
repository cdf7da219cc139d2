"""What scripts look for before they log: their experiment by its name, as accelerate does, and the best of its runs."""
import sys

import mlflow

mine = sys.argv[1]
for name in ("another", mine, "zoo"):
    mlflow.create_experiment(name)
found = mlflow.search_experiments(filter_string=f"name = '{mine}'")
assert [one.name for one in found] == [mine], found
experiment = found[0].experiment_id
for loss in (0.5, 0.25, 0.75):
    with mlflow.start_run(experiment_id=experiment, run_name=f"loss {loss}"):
        mlflow.log_param("lr", loss / 10)
        mlflow.log_metric("eval/loss", loss, step=1)
search = lambda **query: [
    run.info.run_name for run in mlflow.search_runs([experiment], output_format="list", **query)
]
print(search(filter_string="metrics.`eval/loss` < 0.6", order_by=["metrics.`eval/loss` ASC"]))
print(search(order_by=["metrics.`eval/loss` DESC"], max_results=1))
print(search(filter_string="attributes.run_name ILIKE 'LOSS%' and params.lr != '0.05' and status = 'FINISHED'"))
print([one.name for one in mlflow.search_experiments(filter_string="name LIKE 'zo%'", order_by=["name ASC"])])
