"""verifiers' own evaluation (`vf-eval`) of `sums_taskset`, asked of a model that is none."""
import os
import sys

import fake_model

os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
os.environ["PRIME_RUNS_MODE"] = "disabled"
import verifiers.v1.cli.eval.main as vf_eval  # noqa: E402


def evaluated(rollouts, seed):
    """Its episodes, in the order of their beginning; what it writes is in `out/sums`."""
    own, episodes = vf_eval.run_eval, []

    async def keeping(config):
        episodes.extend(await own(config))
        return episodes

    vf_eval.run_eval = keeping
    with fake_model.served(seed) as url:
        vf_eval.main(
            f"sums_taskset --env.agent.harness.id null --env.agent.runtime.type subprocess --model tiny --client.base-url {url}"
            f" --client.api-key-var NO_KEY --num-rollouts {rollouts} --max-concurrent 1 --no-push --no-rich --run.name sums"
            " --output-dir out".split()
        )
    return sorted(episodes, key=lambda episode: episode.traces[0].timing.start)
