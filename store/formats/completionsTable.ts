import type { LoggedTable } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import { rolloutTable } from './rolloutTable';
import type { WideTable } from './unpivot';

/** Columns of TRL's table `completions` that are no reward function. */
const KNOWN = new Set(['step', 'mode', 'prompt', 'completion', 'advantage', 'image', 'images']);

/**
 * A table of rollouts; TRL's `completions` is told by its columns and gets what it lacks: its reward functions, under
 * whatever names, are parts of the reward, and `reward_sum` is their plain sum, which is the reward where
 * `reward_weights` is not set. A single function is the reward.
 */
export function* completionsTable(table: WideTable): Steps<LoggedTable> {
  const logged = yield* rolloutTable(table);
  const hasReward = logged.columns.some((column) => typeof column !== 'string' && column.role === 'reward');
  const isCompletions = ['prompt', 'completion', 'advantage'].every((name) => table.columns.includes(name));
  if (!isCompletions || hasReward) {
    return logged;
  }
  const scores: Array<{ name: string; i: number }> = [];
  for (const [i, name] of table.columns.entries()) {
    if (!KNOWN.has(name) && (yield* isScore(table, i))) {
      scores.push({ name, i });
    }
  }
  if (scores.length === 0) {
    return logged;
  }
  const role = scores.length === 1 ? ('reward' as const) : ('rewardPart' as const);
  const columns = logged.columns.map((column, i) => {
    const name = typeof column === 'string' ? column : column.name;
    return scores.some((score) => score.i === i) ? { name, role } : column;
  });
  if (scores.length === 1) {
    return { columns, rows: logged.rows };
  }
  const sumOf = (row: readonly unknown[]) =>
    scores.map(({ i }) => row[i]).reduce((sum: number, cell) => sum + (Number.isFinite(cell) ? Number(cell) : 0), 0);
  const rows: unknown[][] = [];
  for (const row of logged.rows) {
    rows.push([...row, sumOf(row)]);
    yield;
  }
  return { columns: [...columns, { name: 'reward_sum', role: 'reward' }], rows };
}

/** Reward functions give numbers, and nothing where they do not apply. */
function* isScore({ rows }: WideTable, column: number): Steps<boolean> {
  let isThere = false;
  for (const row of rows) {
    const cell = row[column] ?? null;
    if (cell !== null && typeof cell !== 'number' && cell !== 'NaN') {
      return false;
    }
    isThere ||= cell !== null;
    yield;
  }
  return isThere;
}
