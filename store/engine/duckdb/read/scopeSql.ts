import type { StepRange, TimeRange } from '@rolloscope/contract/types';
import type { RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';

/** A number from a request, as SQL; only finite ones come here. */
export const num = (value: number) =>
  // Without an exponent a fraction would be read as a decimal first, and come out a bit off.
  Number.isSafeInteger(value) ? String(value) : `${value.toExponential()}::DOUBLE`;

export const placeholder = (values: unknown[], value: unknown) => `$${values.push(value)}`;

/** The row's step for what is effective: the entry's, since a logged step column may say anything. */
const ENTRY_STEP = 'coalesce(entryStep, step)';

/** Conditions on run, position, steps and times, all of which must hold. `step` names the step column. */
export function scopeSql(
  layout: Layout,
  query: { scopes: RunScope[]; steps?: StepRange; times?: TimeRange; position: number; since?: number },
  step = 'step',
): string[] {
  const keys = query.scopes.flatMap(({ run }) => layout.runs.find(run) ?? []);
  const runs = keys.length === 0 ? 'false' : `run IN (${keys.join(', ')})`;
  // This holds for the newest position, too: a commit may come between the statements of one answer.
  const conditions = [runs, `position <= ${num(query.position)}`];
  if (query.since !== undefined) {
    conditions.push(`position > ${num(query.since)}`);
  }
  conditions.push(...rangeSql('step', query.steps), ...rangeSql('time', query.times));
  const resumed = query.scopes.filter((scope) => scope.effective);
  if (resumed.length > 0) {
    conditions.push(effectiveSql(layout, resumed, step));
  }
  return conditions;
}

/** Conditions for an inclusive range. */
export function rangeSql(column: 'step' | 'time', range: StepRange | TimeRange | undefined): string[] {
  return [
    ...(range?.from === undefined ? [] : [`${column} >= ${num(range.from)}`]),
    ...(range?.to === undefined ? [] : [`${column} <= ${num(range.to)}`]),
  ];
}

/** Conditions on rows of a table: those of `scopeSql` by the entry's step, and of a shared step the newest attempt's only. */
export function rowScopeSql(layout: Layout, table: number, query: Parameters<typeof scopeSql>[1]): string[] {
  const { scopes, position } = query;
  const shared = scopes.flatMap(({ run, effective }) => {
    const key = layout.runs.find(run);
    return key === undefined ? [] : (effective?.sharedSteps ?? []).map((step) => [key, step]);
  });
  const conditions = scopeSql(layout, query, ENTRY_STEP);
  if (shared.length > 0) {
    const isShared = `(run, ${ENTRY_STEP}) IN (SELECT (r, s) FROM ${relation(['r', 's'], shared)})`;
    const all = [...scopeSql(layout, { scopes, position }, ENTRY_STEP), isShared].join(' AND ');
    conditions.push(
      `(NOT coalesce(${isShared}, false) OR (run, ${ENTRY_STEP}, attempt) IN
        (SELECT (run, ${ENTRY_STEP}, max(attempt)) FROM rows_${table} WHERE ${all} GROUP BY run, ${ENTRY_STEP}))`,
    );
  }
  return conditions;
}

/**
 * True for what is effective: points of runs that never went back, and what no later attempt went over again. A run that
 * was deleted since it was chosen has no key any more, and nothing that could be superseded.
 */
function effectiveSql(layout: Layout, resumed: RunScope[], step: string): string {
  const spans = resumed.flatMap(({ run, effective }) => {
    const key = layout.runs.find(run);
    return key === undefined ? [] : (effective?.spans ?? []).map((span) => ({ key, ...span }));
  });
  if (spans.length <= FEW_SPANS) {
    const superseded = spans.map(({ key, attempt, from, to }) => {
      const bounds = [from !== null && `${step} >= ${from}`, to !== null && `${step} <= ${to}`].filter(Boolean);
      return `(${[`run = ${key}`, `attempt < ${attempt}`, ...bounds].join(' AND ')})`;
    });
    return `(${step} IS NULL OR NOT (${superseded.join(' OR ') || 'false'}))`;
  }
  // A row is held against the spans of its own run; alternatives would be tried one by one, those of all runs.
  const lists = spans.map(({ key, attempt, from, to }) => [key, attempt, from ?? LOWEST, to ?? HIGHEST]);
  return `NOT EXISTS (SELECT 1 FROM ${relation(['r', 'a', 'low', 'high'], lists)}
                      WHERE r = run AND attempt < a AND ${step} BETWEEN low AND high)`;
}

const FEW_SPANS = 20;
const [LOWEST, HIGHEST] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** A relation of whole numbers. */
function relation(columns: readonly string[], rows: ReadonlyArray<readonly number[]>): string {
  const lists = columns.map((name, i) => `unnest([${rows.map((row) => row[i]).join(', ')}]::BIGINT[]) AS ${name}`);
  return `(SELECT ${lists.join(', ')})`;
}

/** A long list is read from one text: as many constants would take longer to parse than the rows to read. */
export function listSql(numbers: ArrayLike<number>): string {
  const list = Array.from(numbers).join(', ');
  return numbers.length <= 1_000 ? list : `SELECT unnest(string_split('${list}', ', '))::BIGINT`;
}
