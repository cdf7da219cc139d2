import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import { EVALS, evalRank, goesBefore } from '@rolloscope/contract/evals';
import type { Run } from '@rolloscope/contract/types';
import { escapeLine } from '../../shared/escapeText';
import { flattenConfig } from './flattenConfig';
import { unitConfig } from './metricUnit';
import { runColor } from './seriesStyle';

const DIFFERENCES = 6;

/** Lists, for each run, the config values in which the runs differ: `lr=1e-6, seed=2`. */
function configDifferences(runs: readonly Run[]): string[] {
  const configs = runs.map((run) => flattenConfig(run.config ?? {}));
  const keys = [...new Set(configs.flatMap((config) => [...config.keys()]))];
  const differing = keys.filter((key) => new Set(configs.map((config) => config.get(key))).size > 1);
  return configs.map((config) => {
    const parts = differing.flatMap((key) => (config.has(key) ? [`${key}=${config.get(key)}`] : []));
    const more = parts.length - DIFFERENCES;
    return [...parts.slice(0, DIFFERENCES), ...(more > 0 ? [`… ${more} more`] : [])].join(', ');
  });
}

/** A table of runs, newest first, those that share a name with their ids beside it; `more` says that the store has further ones. */
export function runsFrame(runs: readonly Run[], metrics: readonly string[], refId: string, more = false): DataFrame {
  const field = (name: string, type: FieldType, of: (run: Run) => unknown, config: Field['config'] = {}): Field => ({
    name,
    type,
    values: runs.map((run) => of(run) ?? null),
    config,
  });
  const state = { running: 'blue', finished: 'green', failed: 'red', crashed: 'orange' };
  const mappings = [
    {
      type: 'value',
      options: Object.fromEntries(Object.entries(state).map(([text, color], index) => [text, { text, color, index }])),
    },
  ] as unknown as NonNullable<Field['config']['mappings']>;
  const differences = configDifferences(runs);
  const namesakes = new Set(
    runs.flatMap(({ name }, i) => (runs.some((other, at) => at !== i && other.name === name) ? [name] : [])),
  );
  const frame = createDataFrame({
    refId,
    name: 'runs',
    fields: [
      field('name', FieldType.string, ({ id, name }) =>
        escapeLine(namesakes.has(name) && name !== id ? `${name} (${id})` : name),
      ),
      field('state', FieldType.string, (run) => run.state, { mappings }),
      field('last step', FieldType.number, ({ lastStep }) => lastStep, { decimals: 0 }),
      ...metrics.flatMap((metric) => {
        const nameOf = metric === EVALS ? firstEval : () => metric;
        const last = (run: Run) => toNumber(run.summary?.[nameOf(run) ?? '']);
        const values = runs.map((run) => last(run) ?? 0);
        const unit = commonUnit(new Set(runs.map(nameOf)), values);
        return metric === EVALS
          ? [field('eval', FieldType.number, last, unit), field('eval metric', FieldType.string, nameOf)]
          : [field(metric, FieldType.number, last, unit)];
      }),
      field('tags', FieldType.string, ({ tags }) => tags.join(', ')),
      { name: 'differs in', type: FieldType.string, values: differences, config: {} },
      field('project', FieldType.string, ({ project }) => project),
      field('group', FieldType.string, ({ group }) => group),
      field('started', FieldType.time, ({ createdAt }) => createdAt, { unit: 'dateTimeFromNow' }),
      field('heard of', FieldType.time, ({ updatedAt }) => updatedAt, { unit: 'dateTimeFromNow' }),
      field('color', FieldType.string, runColor, { custom: { hidden: true } }),
      field('id', FieldType.string, ({ id }) => id),
    ],
  });
  const notice = { severity: 'warning' as const, text: `The newest ${runs.length} runs are shown; there are more.` };
  return { ...frame, meta: { preferredVisualisationType: 'table', ...(more && { notices: [notice] }) } };
}

/** The unit of a column, if all its metrics have the same: beside accuracies, a reward of -0.5 is not "-50%". */
function commonUnit(metrics: ReadonlySet<string | undefined>, values: readonly number[]): Field['config'] {
  const units = [...metrics].flatMap((metric) => metric ?? []).map((metric) => unitConfig(metric, values).unit);
  const [unit] = units;
  return unit !== undefined && units.every((one) => one === unit) ? { unit } : {};
}

/** The metric of the eval that counts, where a run has any: evals go by many names, and stand in one column. */
function firstEval({ summary = {} }: Run): string | undefined {
  const ranked = Object.keys(summary).flatMap((name) => {
    const rank = evalRank(name);
    return rank === undefined ? [] : [{ name, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || (goesBefore(a.name, b.name) ? -1 : 1))[0]?.name;
}

export const toNumber = (value: unknown) =>
  typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : null;
