import { isForMany, LENSES, type Lens, lensNeeds, type Role, scoreRole } from '@rolloscope/contract';
import type { Column } from '@rolloscope/contract/types';
import type { LensColumns, LensQuery } from '../engine/EngineReads';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';

/** Columns with roles corrected: a role that is given to one column is taken from the one that had it. */
export function withRoles(columns: Column[], roles: Readonly<Record<string, Role | null>> = {}): Column[] {
  const given = new Set(Object.values(roles));
  return columns.map(({ role: known, ...column }) => {
    const own = Object.hasOwn(roles, column.name) ? roles[column.name] : undefined;
    const kept = known !== undefined && !isForMany(known) && given.has(known) ? undefined : known;
    const role = own === undefined ? kept : own;
    return role ? { ...column, role } : column;
  });
}

/** The baseline of each run that names one which may be read. */
function baselinesOf(seen: SeenRuns, entries: readonly RunEntry[]): LensQuery['baselines'] {
  return entries.flatMap(({ record }) => {
    const baseline = record.baseline === undefined ? undefined : seen.find(record.baseline);
    return baseline ? [{ run: record.id, scope: seen.scope(baseline) }] : [];
  });
}

/** The column that says how good a rollout was; see `scoreRole`. */
export function scoreColumn(columns: readonly Column[]): string | undefined {
  const score = scoreRole(columns.map(({ role }) => role));
  return columns.find(({ role }) => role !== undefined && role === score)?.name;
}

/** A table's columns in the roles that lenses go by. */
export function lensColumns(columns: readonly Column[]): LensColumns {
  const named = (role: Role) => columns.find((column) => column.role === role)?.name;
  const [correct, groupId, truncated] = (['correct', 'groupId', 'truncated'] as const).map(named);
  const reward = scoreColumn(columns);
  return {
    ...(reward !== undefined && { reward }),
    ...(correct !== undefined && { correct }),
    ...(groupId !== undefined && { groupId }),
    ...(truncated !== undefined && { truncated }),
    parts: columns.filter(({ role }) => role === 'rewardPart').map(({ name }) => name),
  };
}

/** Lists every lens of a table: how to ask for it, or what it would need. */
export function lensesOf(
  seen: SeenRuns,
  columns: readonly Column[],
  entries: readonly RunEntry[],
  hasLabels: boolean,
): Array<{ lens: Lens; needs: string } | { lens: Lens; query: LensQuery }> {
  const baselines = baselinesOf(seen, entries);
  const ground = {
    roles: columns.map(({ role }) => role),
    names: columns.map(({ name }) => name),
    hasBaseline: baselines.length > 0,
    hasLabels,
  };
  return LENSES.map((lens) => {
    const needs = lensNeeds(lens, ground);
    return needs === undefined
      ? { lens, query: { name: lens, columns: lensColumns(columns), baselines } }
      : { lens, needs };
  });
}

/** A lens as the engine takes it. Throws where the table does not have what it needs; labels may come at any time. */
export function askLens(
  seen: SeenRuns,
  lens: Lens,
  columns: readonly Column[],
  entries: readonly RunEntry[],
): LensQuery {
  const found = lensesOf(seen, columns, entries, true).find((one) => one.lens === lens);
  if (!found || 'needs' in found) {
    throw new StoreError('unknown_column', `The lens ${lens} needs ${found?.needs ?? 'another table'}.`);
  }
  return found.query;
}
