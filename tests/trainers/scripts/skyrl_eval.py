"""SkyRL's own evaluations, dumps, tables of trajectories and tracking, as its trainer calls them: `skyrl_eval.py BACKEND`.

What generates is none of its engines; its trainer's steps on a GPU are left out, what it logs around them is not.
"""
import asyncio
import random
import sys
import types

import counted
from skyrl.train.config import SkyRLTrainConfig
from skyrl.train.generators.utils import get_rollout_metrics, prepare_generator_input
from skyrl.train.trainer import RayPPOTrainer
from skyrl.train.utils.tracking import Tracking
from skyrl.train.utils.trajectory_logging import TrajectoryLogger
from tiny import tiny_tokenizer

BACKEND = sys.argv[1]
STEPS, EVERY, SAMPLES = 6, 3, 2
random.seed(9)
tokenizer = tiny_tokenizer()
told, dumped, shown = {}, [], {"eval": [], "train": []}


def prompts(count, source):
    rows = []
    for i in range(count):
        one, other = random.randrange(13), random.randrange(17)
        truth = str(one + other)
        extras = {"data_source": source, "reward_model": {"method": "rule", "ground_truth": truth}}
        messages = [{"role": "user", "content": f"What is {one} plus {other} ?"}]
        rows.append({"prompt": messages, "env_class": "sums", "env_extras": extras, "uid": f"{source}-{i}"})
    return rows


class Generator:
    """Answers at random. Every other answer is two turns with a word of the environment between them."""

    async def generate(self, batch):
        step, rows = batch["batch_metadata"].global_step, []
        for i, (messages, extras) in enumerate(zip(batch["prompts"], batch["env_extras"])):
            truth = extras["reward_model"]["ground_truth"]
            said = truth if random.random() < 0.4 else str(random.randrange(30))
            turns = [(said, 1)] if i % 2 == 0 else [("so then", 1), ("What ?", 0), (said, 1)]
            ids, mask = [], []
            for text, trained in turns:
                tokens = tokenizer(text)["input_ids"]
                ids, mask = ids + tokens, mask + [trained] * len(tokens)
            score = float(said == truth)
            # Rewards of every token, of which the last ones of each turn are told.
            rewards = [0.0] * (len(ids) - 1) + [score]
            reason = "length" if said == "7" else "stop"
            rows.append((tokenizer(messages[0]["content"])["input_ids"], ids, rewards, mask, reason))
            self.remember(batch["batch_metadata"].training_phase, step, i, messages, extras, turns, score, reason)
        asked, ids, rewards, masks, reasons = map(list, zip(*rows))
        return {
            "prompt_token_ids": asked,
            "response_ids": ids,
            "rewards": rewards,
            "loss_masks": masks,
            "stop_reasons": reasons,
            "rollout_metrics": get_rollout_metrics(ids, rewards, loss_masks=masks),
            "rollout_logprobs": None,
            "trajectory_generation_times": None,
        }

    def remember(self, phase, step, index, messages, extras, turns, score, reason):
        question = messages[0]["content"]
        blocks = [f"[{'ASSISTANT' if trained else 'USER/TOOL'}]\n{text}" for text, trained in turns]
        text = "\n\n".join([f"[USER]\n{question}", *blocks])
        seen = [step, score, sum(trained for _, trained in turns), text]
        shown[phase].append([seen[0], index, *seen[1:]] if phase == "eval" else seen)
        if phase == "eval":
            truth, said = extras["reward_model"]["ground_truth"], " ".join(text for text, _ in turns)
            dumped.append([step, question, said, score, extras["data_source"], truth, reason == "length"])


def log(values, step):
    trainer.tracker.log(values, step=step, commit=True)
    for name, value in values.items():
        counted.add(told, name.replace("@", "_at_"), step, value)


async def train():
    log(await trainer.eval(), 0)
    for trainer.global_step in range(1, STEPS + 1):
        trainer.all_metrics = {}
        sampling = {"temperature": 1.0}
        asked, uids = prepare_generator_input(prompts(2, "train"), SAMPLES, sampling, "sums", "train", trainer.global_step)
        answered = await trainer.generator.generate(asked)
        trainer.all_metrics |= answered["rollout_metrics"]
        answered, uids = RayPPOTrainer.postprocess_generator_output(trainer, answered, uids)
        trainer.trajectory_logger.log(
            tracker=trainer.tracker,
            num_samples=8,
            prompts=asked["prompts"],
            generator_output=answered,
            tokenizer=tokenizer,
            global_step=trainer.global_step,
            wandb_key="trajectories/train",
            include_idx=False,
        )
        trainer.all_metrics |= {"trainer/epoch": 0, "trainer/global_step": trainer.global_step, "policy/policy_lr": 1e-6}
        if trainer.global_step % EVERY == 0:
            trainer.all_metrics |= await trainer.eval()
        log(trainer.all_metrics, trainer.global_step)


cfg = SkyRLTrainConfig()
cfg.trainer.export_path = "exports"
cfg.trainer.dump_eval_results = True
# Its defaults lie where a machine has its own.
cfg.trainer.log_path = "logs"
cfg.environment.skyrl_gym.text2sql.db_path = "sql"
for part in (cfg.trainer.policy, cfg.trainer.ref, cfg.trainer.critic):
    part.model.lora.lora_sync_path = "lora"
cfg.trainer.print_example_interval = -1
cfg.trainer.num_logger_eval_samples = 16
cfg.generator.eval_n_samples_per_prompt = SAMPLES
cfg.generator.n_samples_per_prompt = SAMPLES
evaluated = [[*prompts(2, "sums"), *prompts(1, "more/sums")]]
trainer = types.SimpleNamespace(
    cfg=cfg,
    tracker=Tracking("skyrl", "grpo", BACKEND, cfg),
    tokenizer=tokenizer,
    generator=Generator(),
    eval_dataloader=evaluated,
    trajectory_logger=TrajectoryLogger(),
    all_metrics={},
    global_step=0,
)
trainer.eval = types.MethodType(RayPPOTrainer.eval, trainer)
asyncio.run(train())
trainer.tracker.finish()

if BACKEND == "console":
    # Dumped are what evals found, but for how long they took.
    told = {name: steps for name, steps in told.items() if name.startswith("eval/")}
    # A file for each source, after the other, in the order of their names.
    dumped.sort(key=lambda row: (row[0], row[4].replace("/", "_")))
    tables = [
        {
            "name": "eval_rollouts",
            "columns": ["step", "prompt", "response", "score", "data_source", "groundTruth", "truncated"],
            "rows": dumped,
            "roles": {
                "prompt": "prompt",
                "response": "response",
                "score": "reward",
                "groundTruth": "groundTruth",
                "truncated": "truncated",
            },
        }
    ]
else:
    roles = {"trajectory": "messages", "reward": "reward"}
    tables = [
        {
            "name": f"trajectories/{phase}",
            "columns": ["step", *index, "reward", "num_turns", "trajectory"],
            "rows": shown[phase],
            "roles": roles,
        }
        for phase, index in (("eval", ["idx"]), ("train", []))
    ] * (BACKEND == "wandb")
evals = [f"eval/{source}/avg_score" for source in ("sums", "more_sums", "all")]
client = {"wandb": ["wandb"], "mlflow": ["mlflow-skinny"], "console": []}[BACKEND]
counted.write(
    ["skyrl", *client],
    [{"run": "grpo", "project": "skyrl", "metrics": told, "tables": tables, "evals": evals}],
    ran="Its trainer's eval, reward metrics, dumps, tables and tracking; nothing is trained, and no engine generates",
)
