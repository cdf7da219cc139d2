"""
What the Trainer of transformers 5 and TRL's GRPOTrainer call with `report_to="trackio"` and `log_completions=True`: no
step is given, evaluations and tables count as calls of their own. `trainer.py NAME FIRST LAST`
"""
import inspect
import sys

import trackio


class Frame:
    """As much of a pandas.DataFrame as the client asks for."""

    def __init__(self, columns):
        self.columns = columns

    def to_dict(self, orient):
        assert orient == "records"
        return [dict(zip(self.columns, row)) for row in zip(*self.columns.values())]


name, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
more = {"bucket_id": None} if "bucket_id" in inspect.signature(trackio.init).parameters else {}
trackio.init(project="huggingface", name=name, space_id=None, resume="allow", private=None, **more)
trackio.config.update({"learning_rate": 1e-6, "num_generations": 2}, allow_val_change=True)
trackio.config["model/num_parameters"] = 494032768
for step in range(first, last + 1, 5):
    rewards = {"train/rewards/accuracy/mean": 0.5, "train/rewards/brief/mean": 0.375}
    trackio.log({"train/loss": step / 10, **rewards, "train/global_step": step})
    trackio.log(
        {
            "completions": trackio.Table(
                dataframe=Frame(
                    {
                        "step": [step, step],
                        "prompt": ["p", "p"],
                        "completion": [f"a{step}", f"b{step}"],
                        "accuracy": [1.0, 0.0],
                        "brief": [0.25, 0.5],
                        "n_digits": [7, 40],  # a column of log_extra
                        "advantage": [0.7, -0.7],
                    }
                )
            )
        }
    )
    if step % 10 == 0:
        trackio.log({"eval/loss": step / 20, "train/global_step": step})
trackio.finish()
