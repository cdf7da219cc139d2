import { describe, expect, it } from 'vitest';
import { inSlices } from './inSlices';

const busy = () => {
  const until = performance.now() + 1;
  while (performance.now() < until) {
    // One millisecond of work.
  }
};

describe('inSlices', () => {
  it('does every step in order, tells how far it is, and lets others run in between', async () => {
    const done: number[] = [];
    const shares: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await inSlices(
      100,
      (i) => {
        done.push(i);
        busy();
      },
      undefined,
      (share) => shares.push(share),
    );
    clearInterval(timer);
    expect(done).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.length).toBeGreaterThan(1);
    expect(turns).toBeGreaterThan(1);
  });

  it('stops when nobody waits any more', async () => {
    const abort = new AbortController();
    let steps = 0;
    const work = inSlices(
      10_000,
      () => {
        steps++;
        busy();
        abort.abort();
      },
      abort.signal,
    );
    await expect(work).rejects.toThrow();
    expect(steps).toBeLessThan(100);
  });
});
