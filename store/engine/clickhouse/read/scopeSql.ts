import type { StepRange, TimeRange } from '@rolloscope/contract/types';
import type { RunScope } from '../../EngineReads';
import type { Positions } from '../catalogue/Catalogue';

/** Keys of runs by their ids, and what is not to be seen of commits. */
export interface Scoping {
  runs: ReadonlyMap<string, number>;
  dead: readonly Positions[];
}

/** The bounds of the lines that are asked for. */
export interface ScopeQuery {
  scopes: readonly RunScope[];
  steps?: StepRange | undefined;
  times?: TimeRange | undefined;
  position: number;
  since?: number | undefined;
}

/** A number from a request, as SQL; only finite ones come here. */
export const num = (value: number) => (Number.isSafeInteger(value) ? String(value) : value.toExponential());

/** The row's step for what is effective: the entry's, since a logged step column may say anything. */
const ENTRY_STEP = 'ifNull(entryStep, step)';

/** Conditions on run, position, steps and times, all of which must hold. `step` names the step column. */
export function scopeSql({ runs, dead }: Scoping, query: ScopeQuery, step = 'step'): string[] {
  const keys = query.scopes.flatMap(({ run }) => runs.get(run) ?? []);
  const conditions = [
    keys.length === 0 ? 'false' : `run IN (${keys.join(', ')})`,
    `position <= ${num(query.position)}`,
    ...deadSql(dead, query.position),
  ];
  if (query.since !== undefined) {
    conditions.push(`position > ${num(query.since)}`);
  }
  conditions.push(...rangeSql('step', query.steps), ...rangeSql('time', query.times));
  const resumed = query.scopes.filter((scope) => scope.effective);
  if (resumed.length > 0) {
    conditions.push(effectiveSql(runs, resumed, step));
  }
  return conditions;
}

/** Conditions that leave out what dead commits wrote. */
export function deadSql(dead: readonly Positions[], position = Number.MAX_SAFE_INTEGER): string[] {
  return dead
    .filter(({ from }) => from <= position)
    .map(({ from, to }) => (from === to ? `position != ${from}` : `position NOT BETWEEN ${from} AND ${to}`));
}

/** Conditions for an inclusive range. */
export function rangeSql(column: 'step' | 'time', range: StepRange | TimeRange | undefined): string[] {
  return [
    ...(range?.from === undefined ? [] : [`${column} >= ${num(range.from)}`]),
    ...(range?.to === undefined ? [] : [`${column} <= ${num(range.to)}`]),
  ];
}

/**
 * Conditions on rows of a table: those of `scopeSql` by the entry's step, and of a shared step the newest attempt's only.
 * `from`: the relation of all rows of the table.
 */
export function rowScopeSql(scoping: Scoping, from: string, query: ScopeQuery): string[] {
  const { scopes, position } = query;
  const shared = scopes.flatMap(({ run, effective }) => {
    const key = scoping.runs.get(run);
    return key === undefined ? [] : (effective?.sharedSteps ?? []).map((step) => `(${key}, ${step})`);
  });
  const conditions = scopeSql(scoping, query, ENTRY_STEP);
  if (shared.length > 0) {
    const isShared = `ifNull((run, ${ENTRY_STEP}) IN (${shared.join(', ')}), 0)`;
    const all = [...scopeSql(scoping, { scopes, position }, ENTRY_STEP), isShared].join(' AND ');
    conditions.push(
      `(NOT ${isShared} OR (run, ${ENTRY_STEP}, attempt) IN
        (SELECT run, ${ENTRY_STEP} AS sharedStep, max(attempt) FROM ${from} WHERE ${all} GROUP BY run, sharedStep))`,
    );
  }
  return conditions;
}

/** True for what is effective: points of runs that never went back, and what no later attempt went over again. */
function effectiveSql(runs: ReadonlyMap<string, number>, resumed: readonly RunScope[], step: string): string {
  const superseded = resumed.flatMap(({ run, effective }) => {
    const key = runs.get(run);
    return (key === undefined ? [] : (effective?.spans ?? [])).map(({ attempt, from, to }) => {
      const bounds = [from !== null && `${step} >= ${from}`, to !== null && `${step} <= ${to}`].filter(Boolean);
      return `(${[`run = ${key}`, `attempt < ${attempt}`, ...bounds].join(' AND ')})`;
    });
  });
  return `(${step} IS NULL OR NOT (${superseded.join(' OR ') || 'false'}))`;
}
