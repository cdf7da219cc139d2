import type { LoggedTable } from '@rolloscope/contract/types';
import { rolloutTable } from './rolloutTable';
import type { WideTable } from './unpivot';

/** Columns of TRL's table `completions` that are no reward function. */
const KNOWN = new Set(['step', 'mode', 'prompt', 'completion', 'advantage', 'image', 'images']);

/**
 * A table of rollouts; TRL's `completions` is told by its columns and gets what it lacks: its reward functions, under
 * whatever names, are parts of the reward, and `reward_sum` is their plain sum, which is the reward where
 * `reward_weights` is not set. A single function is the reward.
 */
export function completionsTable(table: WideTable): LoggedTable {
  const logged = rolloutTable(table);
  const scores = table.columns
    .map((name, i) => ({ name, i }))
    .filter(({ name, i }) => !KNOWN.has(name) && isScore(table, i));
  const hasReward = logged.columns.some((column) => typeof column !== 'string' && column.role === 'reward');
  const isCompletions = ['prompt', 'completion', 'advantage'].every((name) => table.columns.includes(name));
  if (!isCompletions || hasReward || scores.length === 0) {
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
  return {
    columns: [...columns, { name: 'reward_sum', role: 'reward' }],
    rows: logged.rows.map((row) => [...row, sumOf(row)]),
  };
}

/** Reward functions give numbers, and nothing where they do not apply. */
function isScore({ rows }: WideTable, column: number): boolean {
  const cells = rows.map((row) => row[column] ?? null);
  return (
    cells.some((cell) => cell !== null) &&
    cells.every((cell) => cell === null || typeof cell === 'number' || cell === 'NaN')
  );
}
