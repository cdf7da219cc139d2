"""`reads.py PROJECT` logs two runs, and reads them back as scripts do; says what it read as JSON, a line each."""
import json
import math
import os
import sys

import wandb

project = sys.argv[1]
for name, lr in (("first", 0.5), ("second", 0.25)):
    with wandb.init(
        project=project, id=f"{project}-{name}", name=name, tags=[name, "both"], group="sweep", job_type="train",
        config={"lr": lr, "model": {"layers": [1, 2]}}, notes="as tried",
    ) as run:
        for step in range(6):
            run.log({"loss": 1 / (step + 1), "reward": step * lr})
        run.log({"late": math.nan})
        run.summary["best"] = lr
        run.summary["note"] = f"the {name} one"
        run.summary["long"] = "x" * 5000

say = lambda what, value: print(f"{what}: {json.dumps(value)}", flush=True)
api = wandb.Api()
run = api.run(f"{run.entity}/{project}/{project}-second")
say("run", [run.id, run.name, run.state, run.tags, run.group, run.job_type, run.notes, run.entity, run.project])
say("created", run.created_at)
say("config", run.config)
say("summary", {key: run.summary[key] for key in ("loss", "reward", "best", "note", "_step")})
say("long", len(run.summary["long"]))
say("missing", run.summary.get("nothing"))
say("history", [row for row in run.history(pandas=False) if "loss" in row])
say("sampled", run.history(keys=["loss", "reward"], samples=100, pandas=False))
say("scan", list(run.scan_history()))
say("scan keys", list(run.scan_history(keys=["loss", "reward"])))
say("scan some", list(run.scan_history(keys=["loss"], min_step=2, max_step=4)))
say("scan pages", [row["reward"] for row in run.scan_history(keys=["reward"], page_size=2)])
say("scan nothing", list(run.scan_history(keys=["nothing"])))
say("last step", run.lastHistoryStep)

names = lambda **how: [run.name for run in api.runs(project, **how)]
say("runs", names())
say("count", len(api.runs(project)))
say("paged", names(per_page=1))
say("newest first", names(order="-created_at"))
say("by config", names(order="+config.lr.value"))
say("by summary", names(order="-summary_metrics.reward"))
say("of config", names(filters={"config.lr": 0.25}))
say("of two", names(filters={"$and": [{"config.lr": {"$gt": 0.1}}, {"tags": {"$in": ["first"]}}]}))
say("of either", names(filters={"$or": [{"display_name": "first"}, {"display_name": {"$regex": "^sec"}}]}))
say("of state", names(filters={"state": "running"}))
say("of summary", names(filters={"summary_metrics.reward": {"$gte": 2}, "group": "sweep"}))
say("of id", names(filters={"name": f"{project}-first"}))
say("lazy", [[run.config["lr"], run.summary["reward"]] for run in api.runs(project)])
for what, ask in (
    ("no run", lambda: api.run(f"{project}/nothing")),
    ("no project", lambda: list(api.runs("no-such-project"))),
    ("no filter", lambda: list(api.runs(project, filters={"$where": "1"}))),
):
    try:
        say(what, ["answered", str(ask())])
    except Exception as cause:
        say(what, [type(cause).__name__, str(cause)])
