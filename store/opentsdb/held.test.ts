import { describe, expect, it } from 'vitest';
import { AGGREGATORS } from './aggregators';
import { parseDownsample } from './downsample';
import { bucketsOfGrid, type Changes, GRID_MS, gridPoints, onGrid } from './held';
import type { Datapoint } from './series';

/** What holds at each point of the grid, looked up one by one. */
function lookedUp({ time, value, until }: Changes, start: number, end: number): Datapoint[] {
  const datapoints: Datapoint[] = [];
  for (let at = Math.ceil(start / GRID_MS) * GRID_MS; at <= Math.min(end, until); at += GRID_MS) {
    let held: number | undefined;
    for (let i = 0; i < time.length && (time[i] ?? 0) <= at; i++) {
      held = value[i];
    }
    if (held !== undefined && Number.isFinite(held)) {
      datapoints.push({ time: at, value: held });
    }
  }
  return datapoints;
}

const CASES: Record<string, Changes> = {
  'changes far apart': { time: [30_000, 600_000, 5_000_000], value: [1, 2, 3], until: 9_000_000 },
  'changes between two points': { time: [0, 10_000, 20_000, 130_000], value: [1, 2, 3, 4], until: 500_000 },
  'a gap, and what is no number': {
    time: [0, 200_000, 400_000, 700_000],
    value: [1, undefined, Number.NaN, 5],
    until: 2_000_000,
  },
  'times out of order': { time: [100_000, 900_000, 300_000, 950_000], value: [1, 2, 3, 4], until: 3_000_000 },
  nothing: { time: [], value: [], until: 1_000_000 },
};
const RANGES = [
  [0, 10_000_000],
  [61_000, 601_000],
  [120_000, 120_000],
  [8_000_000, 7_000_000],
] as const;

describe.each(Object.entries(CASES))('%s', (_name, changes) => {
  it('is carried forward as if each point were looked up, and never more than was counted', () => {
    for (const [start, end] of RANGES) {
      const datapoints = [...onGrid(changes, start, end)];
      expect(datapoints).toEqual(lookedUp(changes, start, end));
      expect(datapoints.length).toBeLessThanOrEqual(gridPoints(changes, start, end));
    }
  });

  it.each(['1s', '7s', '90s', '1m', '7m', '1h', '0all'])('is brought down by %s as its points would be', (interval) => {
    for (const name of Object.keys(AGGREGATORS).filter((one) => one !== 'none')) {
      const downsample = parseDownsample(`${interval}-${name}`);
      for (const [start, end] of downsample ? RANGES : []) {
        const begin = (at: number) =>
          Number.isFinite(downsample?.width) ? at - (at % (downsample?.width ?? 1)) : start;
        const buckets = new Map<number, number[]>();
        for (const { time, value } of onGrid(changes, start, end)) {
          buckets.set(begin(time), [...(buckets.get(begin(time)) ?? []), value]);
        }
        const found = downsample ? [...bucketsOfGrid(changes, start, end, downsample)] : [];
        expect(found.map(({ time }) => time)).toEqual([...buckets.keys()]);
        for (const { time, value } of found) {
          expect(value, `${name} at ${time}`).toBeCloseTo(AGGREGATORS[name]?.of(buckets.get(time) ?? []) ?? 0, 9);
        }
      }
    }
  });
});
