"""A taskset of verifiers: small sums, with a tool that adds, two weighted rewards and a metric."""
import verifiers.v1 as vf

__all__ = ["SumsTaskset"]


class SumsData(vf.TaskData):
    answer: str


class SumsTask(vf.Task[SumsData]):
    @vf.reward(weight=1.0)
    async def correct(self, trace: vf.Trace) -> float:
        return float(self.data.answer in (trace.last_reply or "").split())

    @vf.reward(weight=0.25)
    async def short(self, trace: vf.Trace) -> float:
        return 1 / len((trace.last_reply or "none").split())

    @vf.metric
    async def words(self, trace: vf.Trace) -> float:
        return float(len((trace.last_reply or "").split()))


class SumsTaskset(vf.Taskset[SumsTask, vf.TasksetConfig]):
    def load(self):
        return [
            SumsTask(
                SumsData(
                    idx=i,
                    name=f"sum {i}",
                    system_prompt="Answer with the number alone.",
                    prompt=f"What is {i} plus {i * 7 % 5} ?",
                    answer=str(i + i * 7 % 5),
                ),
                self.config.task,
            )
            for i in (1, 2, 3)
        ]
