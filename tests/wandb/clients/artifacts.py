"""`artifacts.py PROJECT` logs an artifact, waits for it, and uses it by object and by name; says what came of each."""
import json
import sys

import wandb

project = sys.argv[1]


def say(what, ask):
    try:
        print(f"{what}: {json.dumps(ask())}", flush=True)
    except Exception as cause:
        print(f"{what}: {json.dumps([type(cause).__name__, str(cause)])}", flush=True)


with open("file.txt", "w") as file:
    file.write("hello")
with wandb.init(project=project, id=f"{project}-artifacts") as run:
    artifact = wandb.Artifact("model", type="model", metadata={"a": 1})
    artifact.add_file("file.txt")
    logged = run.log_artifact(artifact)
    say("wait", lambda: logged.wait(timeout=30).name)
    say("use", lambda: run.use_artifact(logged).type)
    say("use by name", lambda: run.use_artifact("model:latest").type)
    say("use what is not there", lambda: run.use_artifact("nothing:latest").name)
    say("log model", lambda: run.log_model("file.txt", name="checkpoint"))
    run.log({"x": 1})
run = wandb.Api().run(f"{project}/{project}-artifacts")
say("logged", lambda: [one.name for one in run.logged_artifacts()])
say("used", lambda: [one.name for one in run.used_artifacts()])
say("files", lambda: [one.name for one in run.files()])
