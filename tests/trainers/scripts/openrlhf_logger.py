"""OpenRLHF's own logger of W&B, as its trainer calls it: samples grow by a row a step, evals come every fourth."""
import importlib.util
import os
import random
import sys
import types

import counted

# Its package asks for engines as soon as it is imported, so the module is loaded by its file.
package = importlib.util.find_spec("openrlhf").submodule_search_locations[0]
spec = importlib.util.spec_from_file_location("logging_utils", os.path.join(package, "utils/logging_utils.py"))
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)

random.seed(2)
wandb = types.SimpleNamespace(key="", org=None, project="openrlhf", group="ppo", run_name="sums")
logger = module.WandbLogger(types.SimpleNamespace(logger=types.SimpleNamespace(wandb=wandb)))
metrics, rows = {}, []
for step in range(1, 13):
    text = f"user\nWhat is {step} plus 1 ?\nassistant\n{step + random.randrange(3)}"
    values = {"reward": random.random(), "policy_loss": random.random() - 0.5, "kl": None if step == 3 else 0.01}
    logger.log_train(step, {**values, "generated_samples": [text, values["reward"]]})
    rows.append([step, text, values["reward"]])
    told = {f"train/{name}": value for name, value in values.items()}
    if step % 4 == 0:
        scores = {"sums_pass1": step / 10}
        logger.log_eval(step, scores)
        told |= {f"eval/{name}": value for name, value in scores.items()}
    for name, value in told.items():
        if value is not None:
            counted.add(metrics, name, step, value)
logger.close()
table = {
    "name": "train/generated_samples",
    "columns": ["step", "text", "reward"],
    "rows": rows,
    "roles": {"text": "messages", "reward": "reward"},
}
run = {"run": "sums", "project": "openrlhf", "group": "ppo", "metrics": metrics, "tables": [table]}
counted.write(["openrlhf", "wandb"], [run])
