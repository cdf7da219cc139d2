import { textOf } from './coerce';
import { epochMilliseconds } from './epochMilliseconds';
import { byName, type Format, isObject, rowOf, stepOf } from './Format';
import { isTrace, readTrace, traceWork } from './readTrace';
import { scalars } from './scalars';
import { annotatedTokens, traceTokens } from './traceTokens';
import { AGENT_ROLES } from './turns';

/**
 * prime-rl. `metrics.jsonl` is flat, `{step, time, …}`; its first row may have no step. Traces of verifiers are at
 * `rollouts/step_<N>/{train,eval}/{all,effective}/traces.jsonl`, since September 2026 (under `monitors/file`) in a stream,
 * first one file and then many, of which those that are full are packed as `.zst`, with `annotations` that orchestrator and
 * trainer add by trace (`prime_rl/orchestrator/annotations.py`). What is `effective` is in `all` a second time, of which the
 * advantage that it was given is taken; `live` traces come to the stream, and are not read.
 */
export const primeRl: Format = {
  name: 'prime-rl',
  title: 'prime-rl',
  files: [
    {
      label: 'rollouts/step_<N>/{train,eval}/all/traces.jsonl, or traces/stream/*.jsonl',
      reads: 'lines',
      match: byName(/(?:step_(\d+)\/(?:train|eval)\/all\/traces|traces\/stream(?:\/\d+)?)\.jsonl$/),
      accepts: isTrace,
      // A file of the stream that is packed has the same lines again, under another name.
      once: true,
      take: (record, { place, leave, added }) => {
        const work = traceWork(record);
        const step = place.step ?? work.step;
        const isEval = work.isEval || /\/eval\/all\//.test(place.path);
        const table = isEval ? 'eval_rollouts' : 'rollouts';
        return readTrace(record).map(({ row, graph }) => {
          const said = added?.get(textOf(row.traceId)) ?? {};
          const { advantage, effective, trainedAtStep, shippedAtStep } = said;
          const tokens = traceTokens(graph, said, leave);
          const whole = {
            ...given({ trainedAtStep: trainedAtStep ?? (isEval ? undefined : shippedAtStep), advantage, effective }),
            // The batch of a step trains the version of the step before (`episode_staleness` of prime-rl).
            ...(!isEval && typeof shippedAtStep === 'number' && { trainingVersion: shippedAtStep - 1 }),
            ...row,
            ...given({ tokens }),
          };
          return rowOf(whole, table, { ...(step !== undefined && { step }), roles: AGENT_ROLES });
        });
      },
    },
    {
      label: 'rollouts/step_<N>/{train,eval}/effective/traces.jsonl',
      reads: 'lines',
      match: byName(/step_(\d+)\/(?:train|eval)\/effective\/traces\.jsonl$/),
      accepts: isTrace,
      adds: (record) => {
        // The first agent's, where an episode has several.
        const [trace] = readTrace(record);
        const { traceId, advantage } = trace?.row ?? {};
        return traceId === undefined
          ? undefined
          : { id: textOf(traceId), fields: { ...(typeof advantage === 'number' && { advantage }) } };
      },
      take: () => [],
    },
    {
      label: 'traces/annotations/<producer>/*.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)traces\/annotations\/(?:[^/]+\/\d+|(?!.*\.index\.)[^/]+)\.jsonl$/),
      accepts: (record) => typeof record.trace_id === 'string',
      once: true,
      adds: (record) =>
        typeof record.trace_id === 'string'
          ? { id: record.trace_id, fields: { ...annotation(record), ...annotatedTokens(record.branches) } }
          : undefined,
      take: (record) => {
        const said = annotation(record);
        const isSaid = Object.keys(said).length > 0;
        return isSaid ? [rowOf({ traceId: record.trace_id, ...said }, 'trace_annotations')] : [];
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

/** Reads what came after a trace: `{effective, ship{step}, advantage}`, first `train{effective, trained_at_step}`. */
function annotation({ info }: Record<string, unknown>): Record<string, unknown> {
  const told = isObject(info) ? info : {};
  const [train, ship] = [told.train, told.ship].map((one) => (isObject(one) ? one : {}));
  const fields = {
    advantage: typeof told.advantage === 'number' ? told.advantage : undefined,
    effective: [told.effective, train?.effective].find((one) => typeof one === 'boolean'),
    trainedAtStep: typeof train?.trained_at_step === 'number' ? train.trained_at_step : undefined,
    shippedAtStep: typeof ship?.step === 'number' ? ship.step : undefined,
  };
  return given(fields);
}

/** The fields that are there. */
const given = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
