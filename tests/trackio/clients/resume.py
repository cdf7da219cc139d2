"""`resume.py NAME FIRST LAST RESUME` logs steps FIRST to LAST, those of trackio where FIRST is `on`. Says the run's id."""
import sys

import trackio

name, first, last, resume = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
run = trackio.init(project="attempts", name=name, resume=resume, config={f"from_{first}": True})
if first == "on":
    for step in range(last):
        trackio.log({"train/reward": step + 0.5})
else:
    for step in range(int(first), last + 1):
        trackio.log({"train/reward": step + int(first) / 100}, step=step)
trackio.finish()
print("id:", run.id)
