"""prime-rl's own monitors, as its orchestrator calls them: `prime_rl_monitors.py file|wandb`.

The episodes are real ones of verifiers, asked of a model that is none; the steps and groups that they are of, advantages and
metrics come by its own classes. Nothing is trained.
"""
import asyncio
import os
import sys
from pathlib import Path

import absent
import counted

VIEWS = ("wandb_gql", "wandb_workspaces", "wandb_workspaces.reports", "wandb_workspaces.reports.v2")
absent.leave_out("prime_cli", "prime_cli.core", "prime_cli.core.config", *VIEWS, "wandb_workspaces.workspaces")
import verifiers.v1 as vf  # noqa: E402
from prime_rl import monitors  # noqa: E402
from prime_rl.configs.monitors import FileMonitorConfig, WandbMonitorConfig  # noqa: E402

from prime_rl.orchestrator.algo.routing import scalar_advantage  # noqa: E402
from prime_rl.orchestrator.metrics import EvalEpisodes, TrainEpisodes  # noqa: E402
from vf_run import evaluated  # noqa: E402

BACKEND = sys.argv[1]
STEPS, EVERY, SIZE = 2, 2, 2
# Its hundreds of metrics are all logged; these are left out of what is counted, to keep it small.
UNCOUNTED = ("/max", "/min", "/p10", "/p90")
metrics, rows = {}, {"rollouts": [], "eval_rollouts": []}

async def log(values, step):
    await monitors.log(values, step=step)
    for name, value in values.items():
        if name != "step" and "/timing/" not in name and not name.endswith(UNCOUNTED):
            counted.add(metrics, name, step, value)

def stamped(episodes, kind, step):
    """Copies of the episodes with what its dispatcher adds."""
    work = {"train": vf.TrainWorkInfo, "eval": vf.EvalWorkInfo}[kind]
    policy = vf.PolicySpan(start=step - 1, end=step)
    copies = []
    for i, episode in enumerate(episodes):
        copy = episode.model_copy(deep=True, update={"id": f"{kind}-{step}-{i}"})
        copy.env.name = "sums"
        copy.group = vf.GroupInfo(id=f"{kind}-{step}-{episode.task.data.idx}")
        copy.run = vf.TrainRunInfo(id="job", name="job", work=work(step=step, policy=policy))
        for trace in copy.traces:
            trace.id = f"{copy.id}-trace"
        copies.append(copy)
    return copies

def remember(episodes, kind, step):
    for episode in episodes:
        for trace in episode.traces:
            rows["rollouts" if kind == "train" else "eval_rollouts"].append(
                [
                    step,
                    trace.task.data.prompt,
                    trace.last_reply or None,
                    trace.reward if trace.ok else None,
                    trace.task.data.answer,
                    episode.group.id,
                    trace.is_truncated,
                    step - 1,
                    scalar_advantage(trace) if kind == "train" else None,
                ]
            )

def credit(episodes):
    """What GRPO gives: the reward against the mean of its group, for every token that was sampled."""
    groups = {}
    for episode in episodes:
        groups.setdefault(episode.group.id, []).append(episode.traces[0])
    for traces in groups.values():
        mean = sum(trace.reward for trace in traces) / len(traces)
        for trace in traces:
            for node in trace.nodes:
                if node.sampled:
                    node.advantages = [trace.reward - mean]

async def evaluate(episodes, step):
    episodes = stamped(episodes, "eval", step)
    for episode in episodes:
        await monitors.log([episode], step, "eval", "all")
    remember(episodes, "eval", step)
    pool, values = EvalEpisodes(episodes, SIZE), {}
    await monitors.log(pool.effective.vf_episodes, step, "eval", "effective")
    for subset, some in (("all", pool), ("effective", pool.effective)):
        values |= some.metrics.to_wandb(prefix="eval/sums", subset=subset)
    await log({**values, "eval/sums/policy_version": float(step - 1), "step": float(step)}, step)

async def train(episodes, step):
    episodes = stamped(episodes, "train", step)
    for episode in episodes:
        await monitors.log([episode], step, "train", "all")
    credit(episodes)
    remember(episodes, "train", step)
    pool = TrainEpisodes(episodes, {trace.id for episode in episodes for trace in episode.traces})
    await monitors.log(pool.effective.vf_episodes, step, "train", "effective")
    values = {}
    for subset, some in (("all", pool), ("effective", pool.effective)):
        values |= some.metrics.to_wandb(prefix="train/agg", subset=subset)
        for name, of_env in some.by_env().items():
            values |= of_env.metrics.to_wandb(prefix=f"train/{name}", subset=subset)
    await log({**values, "progress/rollouts": pool.num_traces, "time/step": 1.5, "step": step}, step)

async def run(episodes):
    by_task = {}
    # Two tasks, of which one is refused.
    for episode in episodes:
        by_task.setdefault(episode.task.data.idx, []).append(episode)

    def next_ones():
        return [episode for task in (by_task[1], by_task[2]) for episode in (task.pop(), task.pop())]

    configs = {
        "file": {"file": FileMonitorConfig()},
        "wandb": {"wandb": WandbMonitorConfig(project="prime-rl", name="job")},
    }
    os.makedirs("output", exist_ok=True)
    names = {"train_env_names": ["sums"], "eval_env_names": ["sums"]}
    await monitors.setup(**configs[BACKEND], output_dir=Path("output"), **names)
    await evaluate(next_ones(), 1)
    for step in range(1, STEPS + 1):
        await train(next_ones(), step)
        if step % EVERY == 0:
            await evaluate(next_ones(), step + 1)
    await monitors.finalize()

# Each of its tasks twice at each step, and at an eval before the first and behind the second.
asyncio.run(run(evaluated(SIZE * (STEPS + 2), seed=11)))
roles = {
    "messages": "messages",
    "prompt": "prompt",
    "reward": "reward",
    "rewards/correct": "rewardPart",
    "rewards/short": "rewardPart",
    "groundTruth": "groundTruth",
    "error": "error",
    "groupId": "groupId",
    "truncated": "truncated",
}
columns = ["step", "prompt", "response", "reward", "groundTruth", "groupId", "truncated", "policyVersion"]
advantage = {"advantage": "advantage"}
tables = [
    {"name": "rollouts", "columns": [*columns, "advantage"], "rows": rows["rollouts"], "roles": {**roles, **advantage}},
    {"name": "eval_rollouts", "columns": columns, "rows": [row[:-1] for row in rows["eval_rollouts"]], "roles": roles},
] * (BACKEND == "file")
counted.write(
    ["verifiers", *(["wandb"] * (BACKEND == "wandb"))],
    [{"run": "job", "project": "prime-rl", "metrics": metrics, "tables": tables, "evals": [f"eval/sums/effective/agent/avg@{SIZE}"]}],
    ran="Its monitors and metrics, with episodes of verifiers; what dispatches, trains and serves is left out",
)
