import { expect, it } from 'vitest';
import type { RunRecord } from '../engine/Engine';
import { effectiveHistory } from './effective';

function entry(attempts: Array<[fromStep: number, reached?: number]>, rewrittenAt = 0) {
  const record = {
    attempts: attempts.map(([fromStep], i) => ({ n: i + 1, startedAt: 0, fromStep })),
  } as RunRecord;
  const reached = new Map(attempts.flatMap(([, last], i) => (last === undefined ? [] : [[i + 1, last] as const])));
  return { record, reached, rewrittenAt };
}

/** The attempts that each step of 0–40 is read from, among those that went over it, the newest first. */
function owners(...attempts: Array<[from: number, to: number]>): number[][] {
  const { spans } = effectiveHistory(entry(attempts)) ?? { spans: [] };
  return Array.from({ length: 41 }, (_, step) => {
    const of = spans.filter(
      ({ from, to }) => step >= (from ?? Number.NEGATIVE_INFINITY) && step <= (to ?? Number.POSITIVE_INFINITY),
    );
    expect(of).toHaveLength(1);
    return attempts
      .flatMap(([first, last], i) => (i + 1 >= (of[0]?.attempt ?? 0) && step >= first && step <= last ? [i + 1] : []))
      .toReversed();
  });
}

it('keeps what comes late, before the step that was gone back to', () => {
  const history = effectiveHistory(
    entry([
      [0, 30],
      [15, 20],
    ]),
  );
  expect(history?.spans).toEqual([
    { attempt: 1, from: null, to: 15 },
    { attempt: 2, from: 16, to: 20 },
    { attempt: 1, from: 21, to: null },
  ]);
});

it('asks nothing of a run that never went back', () => {
  expect(effectiveHistory(entry([]))).toBeUndefined();
  expect(effectiveHistory(entry([[0, 30]]))).toBeUndefined();
  const whole = { spans: [{ attempt: 1, from: null, to: null }], sharedSteps: [] };
  expect(effectiveHistory(entry([[0, 30]], 7))).toEqual(whole);
});

it('gives a step to the newest attempt that went over it; that at which it resumed is shared', () => {
  const owned = owners([0, 30], [15, 20]);
  expect(owned.slice(0, 15)).toEqual(Array(15).fill([1]));
  expect(owned[15]).toEqual([2, 1]);
  expect(owned.slice(16, 21)).toEqual(Array(5).fill([2]));
  expect(owned.slice(21, 31)).toEqual(Array(10).fill([1]));
});

it('leaves all to the older attempt where a newer one logged only at the step at which it resumed', () => {
  const owned = owners([0, 30], [15, 15]);
  expect([14, 15, 16].map((step) => owned[step])).toEqual([[1], [2, 1], [1]]);
});

it('goes by the newest of many attempts', () => {
  const owned = owners([0, 30], [10, 25], [5, 12], [20, 21]);
  expect([4, 5, 6, 10, 12, 13, 19, 20, 21, 22, 25, 26].map((step) => owned[step])).toEqual([
    [1],
    [3, 1],
    [3],
    [3],
    [3],
    [2],
    [2],
    [4, 2],
    [4],
    [2],
    [2],
    [1],
  ]);
});

it('is the newest attempt that went over a step, whatever the attempts were', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 200; round++) {
    const attempts = Array.from({ length: 2 + random(5) }, (_, i): [number, number] => {
      const from = i === 0 ? 0 : random(40);
      return [from, from + random(41 - from)];
    });
    const owned = owners(...attempts);
    const expected = owned.map((_, step) => {
      const over = attempts.flatMap(([from, to], i) => (step >= from && step <= to ? [{ n: i + 1, from }] : []));
      // From the newest back, up to the first that had gone on by then: what is older was superseded.
      const last = over.findLastIndex(({ n, from }) => n === 1 || from < step);
      return over
        .slice(Math.max(0, last))
        .map(({ n }) => n)
        .toReversed();
    });
    expect(owned).toEqual(expected);
  }
});

it('has no more spans than attempts have ends, however many there are', () => {
  const attempts = Array.from({ length: 500 }, (_, i): [number, number] => [
    (i * 7_919) % 10_000,
    ((i * 7_919) % 10_000) + 5,
  ]);
  expect(effectiveHistory(entry(attempts))?.spans.length).toBeLessThanOrEqual(999);
});
