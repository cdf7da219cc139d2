"""Tables: by `log_table`, as Trinity-RFT does; verl's validation generations; whole tables anew; and what is no table."""
import json
import math
import os
import sys

import mlflow
import pandas as pd

mlflow.set_experiment("tables")
with mlflow.start_run(run_name=sys.argv[1]) as run:
    for step in (1, 2, 3):
        frame = pd.DataFrame({"prompt": ["2 + 2?", "3 + 3?"], "response": ["4", f"\\boxed{{{step}}}\n<b>é</b> \U0001f44d"], "reward": [0.5, math.nan]})
        frame["step"] = step
        mlflow.log_table(frame, artifact_file="rollout_examples.json")
    # Twice the same, and no step: two rows.
    for _ in range(2):
        mlflow.log_table({"prompt": ["p"], "response": ["r"]}, "eval/same.json")

    with open("val_step10.json", "w") as file:
        json.dump([{"input": f"q{i}", "output": "a", "score": i / 2} for i in range(3)] + [{"input": "q", "output": "a", "score": math.nan}], file)
    for _ in range(2):
        mlflow.log_artifact("val_step10.json")

    rows = []
    for step in range(4):
        rows.append([step, f"row {step}"])
        mlflow.log_dict({"columns": ["step", "text"], "data": rows}, "whole.json")

    mlflow.log_dict({"a": 1}, "config.json")
    mlflow.log_text("hello", "notes.txt")
    mlflow.log_table({"x": [1]}, "bad.json")
    mlflow.log_dict({"columns": ["x"], "data": [[1, 2]]}, "bad.json")
    with open("model.bin", "wb") as file:
        file.write(os.urandom(40 * 1024 * 1024))
    mlflow.log_artifact("model.bin", "checkpoints/1")
    os.rename("model.bin", "huge.json")
    mlflow.log_artifact("huge.json")
    mlflow.log_metric("after", 1, step=1)
