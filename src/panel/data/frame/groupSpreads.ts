import type { FrameCells } from '../TableData';
import { lookAt } from './lensLook';

/**
 * Standard deviation of the rewards of each row's prompt group at its step, over the rows of a frame; null for a group
 * of one, and without rewards. Worked out when it is first asked for.
 */
export function groupSpreads(cells: FrameCells): (row: number) => number | null {
  let spreads: Map<string, number | null> | undefined;
  const look = lookAt({ ...cells, rows: new Uint32Array() });
  const keyOf = (row: number) => {
    const group = look.group(row);
    return group === null ? undefined : JSON.stringify([look.run(row), look.step(row), group]);
  };
  return (row) => {
    spreads ??= spreadsOf(cells.total, keyOf, look.reward);
    return spreads.get(keyOf(row) ?? '') ?? null;
  };
}

function spreadsOf(
  total: number,
  keyOf: (row: number) => string | undefined,
  reward: (row: number) => number | null,
): Map<string, number | null> {
  const rewards = new Map<string, number[]>();
  for (let row = 0; row < total; row++) {
    const [key, value] = [keyOf(row), reward(row)];
    if (key !== undefined && value !== null) {
      const known = rewards.get(key);
      if (known) {
        known.push(value);
      } else {
        rewards.set(key, [value]);
      }
    }
  }
  return new Map([...rewards].map(([key, values]) => [key, deviationOf(values)]));
}

/**
 * Standard deviation of all values (of the population, not of a sample); exactly 0 where all are equal, whatever rounding
 * does to their mean, and null where there are fewer than two.
 */
export function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) {
    return null;
  }
  if (values.every((value) => value === values[0])) {
    return 0;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
