"""What trackio itself can export: numbers that are missing or not finite at times, a config, a table, traces."""
import math
import sys

import trackio

trackio.init(project="exported", name=sys.argv[1], config={"lr": 1e-6, "model": "qwen", "layers": [1, 2]})
for step in range(1, 30):
    metrics = {"loss": math.nan if step == 7 else 1 / step, "tokens": 1000 * step, "phase": "warm" if step < 5 else "main"}
    if step % 5 == 0:
        metrics["eval/accuracy"] = step / 40
    trackio.log(metrics, step=step)
rows = [[f"prompt {i}", f"answer {i}\n<b>é</b> \U0001f44d", i / 2] for i in range(3)]
trackio.log({"rollout_examples": trackio.Table(columns=["prompt", "response", "reward"], data=rows)}, step=30)
messages = [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "4"}]
trackio.log({"traces": [trackio.Trace(messages, metadata={"reward": i, "uid": "g"}) for i in range(2)]}, step=31)
trackio.finish()
