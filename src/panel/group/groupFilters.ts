import type { Condition, Filter } from '@rolloscope/contract/types';
import type { TableColumn, WholeRow } from '../data/TableData';

/** A way to tell which rows share the prompt of a row, the most certain first. */
interface PromptKey {
  condition: Condition;
  /** The name that is said where someone asks what was grouped by. */
  by: string;
  /** True where it means the prompt itself, also at another step; a group id is often new at every step. */
  isLasting: boolean;
}

const HASH = 'promptHash';

function keyOf(name: string | undefined, cells: WholeRow): Condition[] {
  const value = name === undefined ? undefined : cells.get(name);
  const isKey = typeof value === 'string' || typeof value === 'number';
  return name !== undefined && isKey && value !== '' ? [{ column: name, op: 'eq', value }] : [];
}

export function promptKeys(columns: readonly TableColumn[], cells: WholeRow): PromptKey[] {
  const named = (role: TableColumn['role']) => columns.find((column) => column.role === role)?.name;
  const groupId = named('groupId');
  const hash = columns.some(({ name }) => name === HASH) ? HASH : undefined;
  return [
    ...keyOf(groupId, cells).map((condition) => ({ condition, by: groupId ?? '', isLasting: false })),
    ...keyOf(hash, cells).map((condition) => ({ condition, by: 'prompt', isLasting: true })),
    ...keyOf(named('prompt'), cells).map((condition) => ({ condition, by: 'prompt', isLasting: true })),
  ];
}

/** The step and run of a row, as conditions: a group is all rollouts of one prompt within them. */
export function momentFilter(
  columns: readonly TableColumn[],
  cells: WholeRow,
): { filter: Filter; names: Array<'step' | 'run'> } {
  const step = keyOf(columns.find(({ role }) => role === 'step')?.name, cells);
  const run = keyOf(columns.find(({ name }) => name === 'run')?.name, cells);
  return {
    filter: [...run, ...step],
    names: [...(step.length > 0 ? ['step' as const] : []), ...(run.length > 0 ? ['run' as const] : [])],
  };
}
