import { cellReward } from '../data/cellValues';
import type { Page } from '../data/TableData';
import { describeGroup } from './describeGroup';

/** The rollouts that one run made of a prompt at one step, summed up. */
export interface Attempt {
  run: string;
  step: number | null;
  n: number;
  mean: number | null;
  /** Mean less that of the step before, in the same run; undefined for the first one. */
  change?: number;
  /** Rows of the page with the highest and the lowest reward. */
  best: number;
  worst: number;
}

interface HistoryColumns {
  run: string | undefined;
  step: string | undefined;
  reward: string | undefined;
}

/** The rollouts of one prompt by run and step: steps ascending, runs in the order of their first row. */
export function promptHistory(page: Page, columns: HistoryColumns): Attempt[] {
  const runs = new Map<string, Map<number | null, number[]>>();
  for (let row = 0; row < page.count; row++) {
    const run = columns.run === undefined ? '' : String(page.cell(row, columns.run) ?? '');
    const step = columns.step === undefined ? null : page.cell(row, columns.step);
    const steps = runs.get(run) ?? new Map<number | null, number[]>();
    runs.set(run, steps);
    const key = typeof step === 'number' ? step : null;
    steps.set(key, [...(steps.get(key) ?? []), row]);
  }
  const rewardOf = (row: number) =>
    columns.reward === undefined ? undefined : cellReward(page.cell(row, columns.reward));
  return [...runs].flatMap(([run, steps]) => {
    let before: number | null = null;
    return [...steps]
      .sort(([a], [b]) => (a ?? Number.NEGATIVE_INFINITY) - (b ?? Number.NEGATIVE_INFINITY))
      .map(([step, rows]): Attempt => {
        const mean = describeGroup(rows.map(rewardOf))?.mean ?? null;
        const change = mean !== null && before !== null ? { change: mean - before } : {};
        before = mean ?? before;
        return { run, step, n: rows.length, mean, ...change, ...extremes(rows, rewardOf) };
      });
  });
}

/** Rows with the highest and the lowest finite reward, the first among equals; the first row where none is finite. */
function extremes(
  rows: readonly number[],
  rewardOf: (row: number) => number | undefined,
): Pick<Attempt, 'best' | 'worst'> {
  const rated = rows.flatMap((row) => {
    const reward = rewardOf(row);
    return reward !== undefined && Number.isFinite(reward) ? [{ row, reward }] : [];
  });
  const [first = { row: rows[0] ?? 0, reward: 0 }] = rated;
  return {
    best: rated.reduce((best, one) => (one.reward > best.reward ? one : best), first).row,
    worst: rated.reduce((worst, one) => (one.reward < worst.reward ? one : worst), first).row,
  };
}
