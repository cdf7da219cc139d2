import { textOf } from './coerce';
import { epochMilliseconds } from './epochMilliseconds';
import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { isTrace, readTrace, traceWork } from './readTrace';
import { scalars } from './scalars';

/**
 * prime-rl. `metrics.jsonl` is flat, `{step, time, …}`; its first row may have no step. Traces of verifiers are at
 * `rollouts/step_<N>/{train,eval}/{all,effective}/traces.jsonl`, later (under `monitors/file`) as a stream of files, of
 * which those that are full are packed as `.zst`, with `annotations` that the trainer adds by trace. What is `effective` is
 * in `all` a second time, of which the advantage that it was given is taken; `live` traces come to the stream, and are not
 * read.
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
      // A file of the stream that is packed has the same lines again, under another name.
      once: true,
      take: (record, { place, leave, added }) => {
        const work = traceWork(record);
        const step = place.step ?? work.step;
        const isEval = work.isEval || /\/eval\/all\//.test(place.path);
        const table = isEval ? 'eval_rollouts' : 'rollouts';
        leave('token ids and log probabilities of traces');
        return readTrace(record).map((row) => {
          const more = added?.get(textOf(row.traceId)) ?? {};
          return rowOf({ ...more, ...row }, table, step === undefined ? {} : { step });
        });
      },
    },
    {
      label: 'rollouts/step_<N>/{train,eval}/effective/traces.jsonl',
      reads: 'lines',
      match: byName(/step_(\d+)\/(?:train|eval)\/effective\/traces\.jsonl$/),
      accepts: isTrace,
      adds: (record) => {
        // Of an episode of several agents, the first one's.
        const [trace] = readTrace(record);
        const id = trace && textOf(trace.traceId);
        return id
          ? { id, fields: { ...(typeof trace.advantage === 'number' && { advantage: trace.advantage }) } }
          : undefined;
      },
      take: () => [],
    },
    {
      label: 'traces/annotations/<producer>/*.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)traces\/annotations\/[^/]+\/\d+\.jsonl$/),
      accepts: (record) => typeof record.trace_id === 'string',
      once: true,
      adds: (record) =>
        typeof record.trace_id === 'string' ? { id: record.trace_id, fields: annotation(record) } : undefined,
      take: (record, { leave }) => {
        leave('annotations of tokens');
        return [rowOf({ traceId: record.trace_id, ...annotation(record) }, 'trace_annotations')];
      },
    },
    {
      label: 'metrics.jsonl of {"step", "time", …}',
      reads: 'lines',
      match: byName(/(?:^|\/)metrics\.jsonl$/),
      runOf: (path) => path,
      accepts: ({ step, time, producer }) =>
        typeof time === 'number' && (typeof step === 'number' || (step === null && producer !== undefined)),
      take: (record, { place, leave }) => {
        const { step: _, time: at, producer: __, ...data } = record;
        const time = epochMilliseconds(at);
        const { metrics, others } = scalars(time === undefined && at !== undefined ? { ...data, time: at } : data);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), ...(time !== undefined && { time }), metrics }];
      },
    },
  ],
};

/** What a trainer says of a trace after it trained on it. */
function annotation({ info }: Record<string, unknown>): Record<string, unknown> {
  const { advantage, train } = isObject(info) ? info : { advantage: undefined, train: undefined };
  const { effective, trained_at_step: trainedAtStep } = isObject(train) ? train : { effective: undefined };
  return {
    ...(typeof advantage === 'number' && { advantage }),
    ...(typeof effective === 'boolean' && { effective }),
    ...(typeof trainedAtStep === 'number' && { trainedAtStep }),
  };
}
