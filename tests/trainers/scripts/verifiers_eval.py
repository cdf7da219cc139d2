"""verifiers' own evaluation (`vf-eval`): three rollouts of each of three tasks, of which one is refused."""
import counted
from vf_run import evaluated

rows = [
    [
        trace.task.data.prompt,
        trace.last_reply or None,
        # Of a rollout that failed nothing was scored, for which it counts 0.
        trace.reward if trace.ok else None,
        *(trace.rewards[name].score if trace.ok else None for name in ("correct", "short")),
        trace.metrics.get("words"),
        trace.task.data.answer,
        trace.task.key,
        trace.is_truncated,
        trace.stop_condition,
    ]
    for episode in evaluated(3, seed=4)
    for trace in episode.traces
]
columns = ["prompt", "response", "reward", "rewards/correct", "rewards/short", "metrics/words", "groundTruth", "groupId"]
table = {
    "name": "rollouts",
    "columns": [*columns, "truncated", "stop"],
    "rows": rows,
    "roles": {
        "messages": "messages",
        "prompt": "prompt",
        "reward": "reward",
        "rewards/correct": "rewardPart",
        "rewards/short": "rewardPart",
        "groundTruth": "groundTruth",
        "error": "error",
        "groupId": "groupId",
        "truncated": "truncated",
    },
}
config = {"env_id": "sums_taskset", "model": "tiny", "num_rollouts": 3}
counted.write(["verifiers"], [{"run": "sums", "project": "verifiers", "config": config, "metrics": {}, "tables": [table]}])
