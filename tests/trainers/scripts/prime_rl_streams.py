"""prime-rl's file monitor since September 2026, in a job that is cut off: chunks of the trace stream that are sealed and one
that is not, a trace in flight, and annotations of the orchestrator and of the trainer, which log to one metrics file.

The episodes are real ones of verifiers, asked of a model that is none; words stand in for its tokens. Steps, groups and
credit are put on as its orchestrator does; its own functions stamp, annotate and write. Nothing is trained.
"""
import asyncio
import os
from pathlib import Path
from types import SimpleNamespace

import absent
import counted

VIEWS = ("wandb_gql", "wandb_workspaces", "wandb_workspaces.reports", "wandb_workspaces.reports.v2")
absent.leave_out("prime_cli", "prime_cli.core", "prime_cli.core.config", *VIEWS, "wandb_workspaces.workspaces")
import torch  # noqa: E402
import verifiers.v1 as vf  # noqa: E402
from prime_rl import monitors  # noqa: E402
from prime_rl.configs.monitors import FileMonitorConfig  # noqa: E402
from prime_rl.monitors.file import FileMonitor  # noqa: E402
from prime_rl.orchestrator.annotations import stamp_arrival, stamp_batch  # noqa: E402
from prime_rl.trainer.rl.annotations import AnnotationWriter  # noqa: E402
from vf_run import evaluated  # noqa: E402

STEPS, SIZE, DECIMALS = 3, 2, 4
OUTPUT = Path("output")
metrics, rows, annotated = {}, {"rollouts": [], "eval_rollouts": []}, []


async def opened(producer):
    monitor = FileMonitor(FileMonitorConfig(chunk_bytes=9_000, float_decimals=DECIMALS))
    await monitor.init(output_dir=OUTPUT, producer=producer)
    return monitor


async def log(monitor, values, step):
    await monitor.log(values, step=step)
    for name, value in values.items():
        if step is not None:
            counted.add(metrics, name, step, value)


def arriving(episodes, kind, step):
    """Copies of the episodes with what its dispatcher adds, and with tokens."""
    work = {"train": vf.TrainWorkInfo, "eval": vf.EvalWorkInfo}[kind]
    copies = []
    for i, episode in enumerate(episodes):
        copy = episode.model_copy(deep=True, update={"id": f"{kind}-{step}-{i}"})
        copy.env.name = "sums"
        copy.group = vf.GroupInfo(id=f"{kind}-{step}-{episode.task.data.idx}")
        policy = vf.PolicySpan(start=step - 1, end=step)
        copy.run = vf.TrainRunInfo(id="job", name="job", work=work(step=step, policy=policy))
        for trace in copy.traces:
            trace.id = f"{copy.id}-trace"
            # A folder of this machine's, which stands in files that are packed.
            trace.agent.runtime.id = "/home/trainer/job/runtime"
            for node in trace.nodes:
                words = str(node.message.content or "").split()
                node.token_ids = [len(word) for word in words]
                node.mask = [node.sampled] * len(words)
                node.logprobs = [-0.25] * len(words) if node.sampled else []
        copies.append(copy)
    stamp_arrival(copies, kind, step)
    return copies


def credit(episodes):
    """What GRPO gives: the reward against the mean of its group, as one number and for every token that was sampled."""
    groups = {}
    for episode in episodes:
        groups.setdefault(episode.group.id, []).append(episode.traces[0])
    for traces in groups.values():
        mean = sum(trace.reward for trace in traces) / len(traces)
        for trace in traces:
            trace.info["advantage"] = trace.reward - mean
            for node in trace.nodes:
                if node.sampled:
                    node.advantages = [trace.reward - mean] * len(node.token_ids)


def remember(episodes, kind, step, shipped):
    for episode in episodes:
        for trace in episode.traces:
            is_shipped = trace.id in shipped
            # What a trace is given when it is shipped; evals are shipped at once, and given nothing.
            given = [trace.info.get("advantage"), step + 1] if kind == "train" and is_shipped else [None, None]
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
                    *given,
                    True if is_shipped else None,
                ]
            )


async def annotate(orchestrator, episodes, step):
    updates = stamp_batch(episodes, step)
    await orchestrator.log_annotations(updates)
    annotated.extend([one["trace_id"], one["info"].get("advantage"), True, step] for one in updates)


async def train(orchestrator, trainer, writer, episodes, step):
    episodes = arriving(episodes, "train", step)
    for episode in episodes:
        await orchestrator.log([episode], step, "train", "all")
    effective = [episode for episode in episodes if episode.ok]
    credit(effective)
    await orchestrator.log(effective, step, "train", "effective")
    # It is a step behind: what came at one step is shipped at the next, and trained on while others come.
    await annotate(orchestrator, effective, step + 1)
    await log(orchestrator, {"train/agg/effective/agent/reward/mean": step / 8, "progress/rollouts": 4 * step}, step)
    await log(orchestrator, {"inference/requests": 2.0 * step}, None)
    if step > 1:
        await log(trainer, {"optim/loss": 1 / step, "optim/lr": 1e-6}, step - 1)
    traces = [trace for episode in effective for trace in episode.traces]
    remember(episodes, "train", step, {trace.id for trace in traces})
    branches = [(trace.id, branch) for trace in traces for branch in trace.branches]
    masks = [masked for _, branch in branches for masked in branch.sampled_mask]
    logprobs = torch.tensor([value for _, branch in branches for value in branch.logprobs])
    micro_batch = {
        "trace_ids": [name for name, _ in branches],
        "branch_indices": [branch.index for _, branch in branches],
        "sequence_lengths": [len(branch.token_ids) for _, branch in branches],
        "loss_mask": torch.tensor(masks),
        "env_names": ["sums"] * len(masks),
        "rl_weights": None,
        "ref_kl_weights": None,
        "inference_logprobs": logprobs,
    }
    output = {"logprobs": logprobs - 0.125, "entropy": torch.ones(len(masks))}
    writer.export(micro_batch, output, {})
    monitors.MONITORS[:] = [trainer]
    # It begins a loop of its own for what it writes.
    await asyncio.to_thread(writer.flush)


async def evaluate(orchestrator, episodes, step):
    episodes = arriving(episodes, "eval", step)
    for episode in episodes:
        await orchestrator.log([episode], step, "eval", "all")
    effective = [episode for episode in episodes if episode.ok]
    await annotate(orchestrator, effective, step)
    remember(episodes, "eval", step, {trace.id for episode in effective for trace in episode.traces})
    mean = sum(episode.traces[0].reward for episode in effective) / len(effective)
    await log(orchestrator, {"eval/sums/all/agent/avg@2": mean / 2, "eval/sums/effective/agent/avg@2": mean}, step)


async def run(episodes):
    by_task = {}
    for episode in episodes:
        by_task.setdefault(episode.task.data.idx, []).append(episode)

    def next_ones():
        # Of three tasks, of which one is refused.
        return [task.pop() for task in by_task.values() for _ in range(SIZE)]

    os.makedirs(OUTPUT, exist_ok=True)
    orchestrator, trainer = await opened("orch"), await opened("trainer")
    writer = AnnotationWriter(SimpleNamespace(cp_enabled=False), SimpleNamespace(world_size=1, rank=0), DECIMALS)
    await log(orchestrator, {"inference/requests": 0.0}, None)
    await evaluate(orchestrator, next_ones(), 1)
    for step in range(1, STEPS + 1):
        await train(orchestrator, trainer, writer, next_ones(), step)
    await log(trainer, {"optim/loss": 1 / (STEPS + 1), "optim/lr": 1e-6}, STEPS)
    # One that is still asked of the model, when the job is cut off: the orchestrator never closes its streams.
    await orchestrator.log_live([{"delta": {"trace": "in-flight", "open": {"id": "in-flight"}}, "dispatch": {"id": "x"}}])
    await trainer.finalize()
    for stream, index in orchestrator._streams.values():
        for thread in stream._sealing:
            thread.join()
        index.flush()


asyncio.run(run(evaluated(SIZE * (STEPS + 1), seed=7)))
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
given = ["advantage", "trainedAtStep", "effective"]
tables = [
    {"name": "rollouts", "columns": [*columns, *given], "rows": rows["rollouts"], "roles": {**roles, "advantage": "advantage"}},
    {
        "name": "eval_rollouts",
        "columns": [*columns, "effective"],
        "rows": [[*row[:8], row[-1]] for row in rows["eval_rollouts"]],
        "roles": roles,
    },
    {
        "name": "trace_annotations",
        "columns": ["traceId", "advantage", "effective", "shippedAtStep"],
        "rows": annotated,
        "roles": {"advantage": "advantage"},
    },
]
counted.write(
    ["verifiers"],
    [{"run": "job", "project": "prime-rl", "metrics": metrics, "tables": tables, "evals": ["eval/sums/effective/agent/avg@2"]}],
    ran="Its file monitor, stamps and annotations, with episodes of verifiers; what dispatches, trains and serves is left out. "
    "Their tree was put together from single files of that commit over one of August; two modules of paths were written for it",
)
