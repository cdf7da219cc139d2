import { epochMilliseconds } from './epochMilliseconds';
import { byName, type Format, rowOf, stepOf } from './Format';
import { isTrace, readTrace, traceWork } from './readTrace';
import { scalars } from './scalars';

/**
 * prime-rl and verifiers. `metrics.jsonl` is flat, `{step, time, …}`. Traces are at
 * `rollouts/step_<N>/{train,eval}/{all,effective}/traces.jsonl`, later as a stream of files; what is `effective` is in
 * `all` a second time, and is not read.
 */
export const primeRl: Format = {
  name: 'prime-rl',
  title: 'prime-rl',
  files: [
    {
      label: 'rollouts/step_<N>/{train,eval}/all/traces.jsonl, or traces/stream/*.jsonl',
      reads: 'lines',
      match: byName(/(?:step_(\d+)\/(?:train|eval)\/all\/traces|traces\/stream\/\d+)\.jsonl$/),
      accepts: isTrace,
      take: (record, { place, leave }) => {
        const work = traceWork(record);
        const step = place.step ?? work.step;
        const isEval = work.isEval || /\/eval\/all\//.test(place.path);
        const table = isEval ? 'eval_rollouts' : 'rollouts';
        leave('token ids and log probabilities of traces');
        return readTrace(record).map((row) => rowOf(row, table, step === undefined ? {} : { step }));
      },
    },
    {
      label: 'metrics.jsonl of {"step", "time", …}',
      reads: 'lines',
      match: byName(/(?:^|\/)metrics\.jsonl$/),
      runOf: (path) => path,
      accepts: (record) => typeof record.step === 'number' && typeof record.time === 'number',
      take: (record, { place, leave }) => {
        const { step: _, time: at, ...data } = record;
        const time = epochMilliseconds(at);
        const { metrics, others } = scalars(time === undefined && at !== undefined ? { ...data, time: at } : data);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), ...(time !== undefined && { time }), metrics }];
      },
    },
  ],
};
