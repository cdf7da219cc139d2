"""Lints the chart named first and renders it for each set of values of a JSON list: by the machine's helm, else by its
library. Prints JSON: what lint says, and for each set its objects, each held against Kubernetes' schemas, or the error."""

import json
import shutil
import subprocess
import sys

import kubernetes_validate
import yaml

chart, kubernetes, cases = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
PLACE = ["release-name", chart, "--namespace", "monitoring", "--kube-version", kubernetes]


def by_program(values):
    ran = subprocess.run(
        ["helm", "template", *PLACE, "--values", "-"], input=json.dumps(values), capture_output=True, text=True
    )
    if ran.returncode:
        raise ValueError(ran.stderr)
    return [ran.stdout]


def by_library(values):
    import helm_python

    with helm_python.Chart.load(chart) as loaded:
        loaded.validate_schema(values)
        files = loaded.render(values, name="release-name", namespace="monitoring")
    return [text for name, text in files.items() if name.endswith(".yaml")]


def lint():
    if shutil.which("helm"):
        ran = subprocess.run(["helm", "lint", "--strict", chart], capture_output=True, text=True)
        return [ran.stdout + ran.stderr] if ran.returncode else []
    import helm_python

    INFO = 1
    said = helm_python.lint(chart)
    return [str(one) for one in said["messages"] if one["severity"] > INFO] + [str(one) for one in said["errors"]]


def render(values):
    try:
        texts = (by_program if shutil.which("helm") else by_library)(values)
    except Exception as error:
        return {"error": str(error)}
    objects = [one for text in texts for one in yaml.safe_load_all(text) if one]
    for one in objects:
        kubernetes_validate.validate(one, kubernetes, strict=True)
    return {"objects": objects}


print(json.dumps({"lint": lint(), "rendered": [render(values) for values in cases]}))
