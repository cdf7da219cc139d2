"""Writes what a trainer counted, in the form that Counted.ts describes."""
import json
import math
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


def write(packages, runs, path="counted.json"):
    runs = [
        {**run, "metrics": {name: sorted(map(list, steps.items())) for name, steps in run["metrics"].items()}}
        for run in runs
    ]
    with open(path, "w") as file:
        json.dump({"versions": {package: version(package) for package in packages}, "runs": runs}, file)
