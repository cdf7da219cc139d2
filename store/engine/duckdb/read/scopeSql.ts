import type { StepRange, TimeRange } from '@rolloscope/contract/types';
import type { RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';

/** A number from a request, as SQL; only finite ones come here. */
export const num = (value: number) =>
  // Without an exponent a fraction would be read as a decimal first, and come out a bit off.
  Number.isSafeInteger(value) ? String(value) : `${value.toExponential()}::DOUBLE`;

export const placeholder = (values: unknown[], value: unknown) => `$${values.push(value)}`;

/** The row's step for what is effective: the entry's, since a logged step column may say anything. */
export const ENTRY_STEP = 'coalesce(entryStep, step)';

/** Conditions on run, position, steps and times, all of which must hold. `step` names the step column. */
export function scopeSql(
  layout: Layout,
  query: { scopes: RunScope[]; steps?: StepRange; times?: TimeRange; position: number; since?: number },
  step = 'step',
): string[] {
  const keys = query.scopes.flatMap(({ run }) => layout.runs.find(run) ?? []);
  const runs = keys.length === 0 ? 'false' : `run IN (${keys.join(', ')})`;
  // Also for the newest position: a commit may come between the statements of one answer.
  const conditions = [runs, `position <= ${num(query.position)}`];
  if (query.since !== undefined) {
    conditions.push(`position > ${num(query.since)}`);
  }
  for (const [column, range] of [
    ['step', query.steps],
    ['time', query.times],
  ] as const) {
    if (range?.from !== undefined) {
      conditions.push(`${column} >= ${num(range.from)}`);
    }
    if (range?.to !== undefined) {
      conditions.push(`${column} <= ${num(range.to)}`);
    }
  }
  const resumed = query.scopes.filter((scope) => scope.spans);
  if (resumed.length > 0) {
    conditions.push(effectiveSql(layout, resumed, step));
  }
  return conditions;
}

/** True for what is effective: points of runs that never went back, and of the attempt that owns the step. */
function effectiveSql(layout: Layout, resumed: RunScope[], step: string): string {
  const keys = resumed.flatMap(({ run }) => layout.runs.find(run) ?? []);
  const owned = resumed.flatMap(({ run, spans = [] }) => {
    const key = layout.runs.find(run);
    return spans.map(({ attempt, from, to }) => {
      const bounds = [from !== null && `${step} >= ${from}`, to !== null && `${step} <= ${to}`].filter(Boolean);
      return `(${[`run = ${key}`, `attempt = ${attempt}`, ...bounds].join(' AND ')})`;
    });
  });
  return `(run NOT IN (${keys.join(', ')}) OR ${step} IS NULL OR ${owned.join(' OR ') || 'false'})`;
}
