"""`endless.py NAME STEPS [END]` logs ten steps a second, until the file END is there, if one is named. Says how far it is."""
import os
import sys
import time

import trackio

run = trackio.init(project="endless", name=sys.argv[1], config={"lr": 0.5})
for step in range(int(sys.argv[2])):
    if os.path.exists((sys.argv[3:] or [""])[0]):
        break
    began = time.monotonic()
    trackio.log({"loss": step / 8, "train/global_step": step}, step=step)
    if step % 50 == 0:
        # As an evaluation does: the step comes twice.
        trackio.log({"accuracy": step, "train/global_step": step})
        run.log_system({"gpu": step})
        trackio.log({"samples": trackio.Table(columns=["prompt", "response"], data=[["p", f"r{step}"]])}, step=step)
        if hasattr(trackio, "Trace"):
            trackio.log({"traces": trackio.Trace([{"role": "user", "content": f"t{step}"}])}, step=step)
    took = time.monotonic() - began
    print(f"step {step} took {took * 1000:.1f} ms", flush=True)
    time.sleep(0.1)
trackio.finish()
