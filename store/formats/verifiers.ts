import { byName, type Format, isObject, rowOf } from './Format';
import { isTrace, readTrace } from './readTrace';
import { traceTokens } from './traceTokens';
import { AGENT_ROLES } from './turns';

/** Paths of the traces of prime-rl, which sorts them by itself. */
const OF_TRAINING = /\/(?:(?:train|eval)\/(?:all|effective)|stream|live)\/[^/]*$/;

/**
 * verifiers' own runs (`vf-eval`): `traces.jsonl`, or of older versions `results.jsonl` with `example_id, prompt,
 * completion, answer, reward, metrics {…}` and `metadata.json` beside it; `configs/resolved/eval.json` tells how it was
 * called. All of it is one evaluation.
 */
export const verifiers: Format = {
  name: 'verifiers',
  title: 'verifiers',
  files: [
    {
      label: 'results.jsonl with example_id and completion',
      reads: 'lines',
      match: byName(/\.jsonl$/),
      accepts: (record) => 'example_id' in record && 'completion' in record && 'reward' in record,
      take: ({ example_id, answer, metrics, trajectory, ...record }, { leave }) => {
        if (trajectory !== undefined) {
          leave('trajectory');
        }
        const row = {
          ...record,
          ...(answer !== undefined && { groundTruth: answer }),
          groupId: example_id,
          ...(isObject(metrics) &&
            Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`metrics/${name}`, value]))),
        };
        return [rowOf(row, 'rollouts')];
      },
    },
    {
      label: 'traces.jsonl',
      reads: 'lines',
      match: (path) => (/(?:^|\/)traces\.jsonl$/.test(path) && !OF_TRAINING.test(path) ? { path } : undefined),
      accepts: isTrace,
      take: (record, { leave }) =>
        readTrace(record).map(({ row, graph }) => {
          const tokens = traceTokens(graph, {}, leave);
          return rowOf({ ...row, ...(tokens && { tokens }) }, 'rollouts', { roles: AGENT_ROLES });
        }),
    },
    {
      label: 'metadata.json with env_id and model',
      reads: 'json',
      match: byName(/(?:^|\/)metadata\.json$/),
      accepts: (record) => 'env_id' in record && 'model' in record,
      runOf: (path) => path,
      take: (record) => [{ kind: 'run', put: { config: record } }],
    },
    {
      label: 'configs/resolved/eval.json',
      reads: 'json',
      match: byName(/(?:^|\/)configs\/(?:resolved\/)?eval\.json$/),
      accepts: (record) => isObject(record.env) && 'model' in record,
      runOf: (path) => path,
      take: (record) => [{ kind: 'run', put: { config: configOf(record) } }],
    },
  ],
};

/** Picks what was evaluated, and how, of a whole configuration, which may hold the headers that open an endpoint. */
function configOf({ env, model, num_rollouts, sampling }: Record<string, unknown>): Record<string, unknown> {
  const { id, taskset } = isObject(env) ? env : { id: undefined };
  const ids = [id, isObject(taskset) ? taskset.id : undefined].filter((one) => typeof one === 'string' && one !== '');
  return {
    env_id: ids.join('+'),
    model,
    ...(num_rollouts !== undefined && { num_rollouts }),
    ...(isObject(sampling) && { sampling }),
  };
}
