import { POLICY_AGE, POLICY_VERSION, POLICY_VERSION_END, TRAINING_VERSION } from '@rolloscope/contract';
import type { Turn } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/TableColumn';
import type { Steps } from '../Turn';
import type { Derived } from './Derived';

/**
 * Derives which policy made a rollout: the oldest version, by its own columns and its turns, whether others helped
 * (nothing where a row says no more than its one version), and how many versions it is behind the one that is trained.
 */
export function* policyColumns(
  columns: readonly TableColumn[],
  cells: readonly unknown[][],
  count: number,
  turns: readonly (readonly Turn[] | undefined)[] = [],
): Steps<Derived[]> {
  const named = (name: string) => cells[columns.findIndex((column) => column.name === name)];
  const [first, last, trained] = [POLICY_VERSION, POLICY_VERSION_END, TRAINING_VERSION].map(named);
  const [oldest, mixed, ages]: [unknown[], unknown[], unknown[]] = [[], [], []];
  if (first === undefined && last === undefined && turns.length === 0) {
    return [];
  }
  for (let row = 0; row < count; row++) {
    const ofTurns = new Set((turns[row] ?? []).flatMap(({ policyVersion }) => policyVersion ?? []));
    const versions = new Set([...versionsIn(first?.[row]), ...versionsIn(last?.[row]), ...ofTurns]);
    const [training] = versionsIn(trained?.[row]);
    const lowest = versions.size > 0 ? lowestOf(versions) : null;
    // One version of the row alone does not say that there was no other.
    const isTold = versions.size > 1 || ofTurns.size > 0 || (last?.[row] ?? null) !== null;
    oldest.push(lowest);
    mixed.push(lowest !== null && isTold ? versions.size > 1 : null);
    ages.push(lowest === null || training === undefined ? null : training - lowest);
    yield;
  }
  const derived: Derived[] = [
    { name: POLICY_VERSION, type: 'number', values: oldest },
    { name: 'policyMixed', type: 'boolean', values: mixed },
    { name: POLICY_AGE, type: 'number', values: ages },
  ];
  return derived.filter(({ values }) => values.some((value) => value !== null));
}

/** Finds the lowest version without spreading into arguments, of which there can only be so many. */
function lowestOf(versions: Iterable<number>): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const version of versions) {
    lowest = Math.min(lowest, version);
  }
  return lowest;
}

/** A version, also as the text of a number, or several of them; none of anything else. */
function versionsIn(cell: unknown): number[] {
  if (Array.isArray(cell)) {
    return cell.flatMap((one) => (Array.isArray(one) ? [] : versionsIn(one)));
  }
  const version = typeof cell === 'string' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
  return Number.isSafeInteger(version) ? [version as number] : [];
}
