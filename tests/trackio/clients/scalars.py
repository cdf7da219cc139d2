"""Numbers of every kind, texts among them, config, group, system metrics, an alert; and what is not kept."""
import inspect
import math
import sys
import time
from pathlib import Path

import numpy
import trackio

more = {"cpu_log_interval": 0.5} if "cpu_log_interval" in inspect.signature(trackio.init).parameters else {}
run = trackio.init(
    project="maths",
    name=sys.argv[1],
    group="sweep-1",
    config={"lr": 1e-4, "model": {"name": "qwen", "layers": [1, 2]}, "none": None},
    auto_log_gpu=False,
    **more,
)
for step in range(5):
    trackio.log({"loss": 1 / (step + 1), "train": {"reward": {"mean": step / 2}}})
trackio.log({"odd/nan": math.nan, "odd/inf": math.inf, "odd/minus": -math.inf, "odd/bool": True, "odd/numpy": numpy.float32(0.5)})
trackio.log({"phase": "eval", "layers": ["a", 1], "nothing": None, "big": 2**60, "small": 5e-324}, step=20)
for step in range(3):
    trackio.log({f"many/{m}": m + step / 4 for m in range(1000)}, step=30 + step)
# An evaluation that comes late is no other attempt.
trackio.log({"eval/accuracy": 0.5}, step=2)
run.log_system({"gpu/0/utilization": 75.5, "gpu/0": {"power": 300}})
run.alert("reward hacked", text="look at step 4", level=trackio.AlertLevel.ERROR, step=4)
trackio.log({"picture": trackio.Image(numpy.zeros((4, 4, 3), dtype=numpy.uint8)), "lengths": trackio.Histogram([1, 2, 3])}, step=40)
if hasattr(trackio, "Markdown"):
    trackio.log({"report": trackio.Markdown("# It *works*")}, step=40)
note = Path("note.txt")
note.write_text("kept nowhere")
time.sleep(2)
trackio.save(note)
if hasattr(trackio, "log_artifact"):
    trackio.log_artifact(note, name="note", type="text")
trackio.finish()
print("unsent:", trackio.sqlite_storage.SQLiteStorage.get_pending_logs("maths"), trackio.sqlite_storage.SQLiteStorage.get_pending_uploads("maths"))
