"""trackio.Table and trackio.Trace: with NaN, a picture in a cell, several traces of a step, and rows of several widths."""
import math
import sys

import numpy
import trackio

trackio.init(project="tables", name=sys.argv[1])
for step in (1, 2):
    rows = [[f"prompt {i}", f"answer {step}.{i}\n<b>é</b> \U0001f44d", i / 2] for i in range(3)] + [["bad", None, math.nan]]
    trackio.log({"rollout_examples": trackio.Table(columns=["prompt", "response", "reward"], data=rows), "loss": step}, step=step)
picture = trackio.Image(numpy.zeros((2, 2, 3), dtype=numpy.uint8))
trackio.log({"seen": trackio.Table(data=[{"prompt": "p", "image": picture}, {"prompt": "q", "score": 1}])}, step=3)
trackio.log({"empty": trackio.Table(columns=["a"], data=[])}, step=3)
if hasattr(trackio, "Trace"):
    messages = [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}]
    trackio.log({"traces": trackio.Trace(messages, metadata={"reward": 1.0, "messages": 2})}, step=4)
    trackio.log({"traces": [trackio.Trace(messages[:1], metadata={"reward": i, "uid": "g"}) for i in range(2)], "loss": 5}, step=5)
trackio.finish()
