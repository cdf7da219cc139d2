"""Writes what a trainer counted, in the form that Counted.ts describes."""
import json
import math
import os
from importlib.metadata import version


def number(value):
    """A number as JSON has it, or the text that stands for one that JSON lacks."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def add(metrics, name, step, value):
    """One value a step: what is counted at a step again (TRL's epoch, at an eval) replaces it."""
    metrics.setdefault(name, {})[step] = number(value)


def write(packages, runs, ran=None, path="counted.json"):
    """`ran` says what of the trainer ran, where that is not the whole of it."""
    runs = [
        {**run, "metrics": {name: sorted(map(list, steps.items())) for name, steps in run["metrics"].items()}}
        for run in runs
    ]
    versions = {package: version(package) for package in packages}
    # A trainer that is run from its sources has a commit.
    sources = json.loads(os.environ.get("SOURCES", "{}"))
    with open(path, "w") as file:
        json.dump({"versions": {**versions, **sources}, **({"ran": ran} if ran else {}), "runs": runs}, file)
