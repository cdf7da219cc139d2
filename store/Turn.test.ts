import { describe, expect, it, vi } from 'vitest';
import { atOnce, inTurns, type Steps, Turn } from './Turn';

/** Keeps the thread for some milliseconds. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    // Busy.
  }
}

describe('Turn', () => {
  it('lets others go between the steps of long work, in order and without losing one', async () => {
    const steps: number[] = [];
    let others = 0;
    const other = setInterval(() => others++, 1);
    const items = Array.from({ length: 40 }, (_, i) => i);
    await new Turn().all(items, (item, index) => {
      steps.push(item + index);
      work(3);
    });
    clearInterval(other);
    expect(steps).toEqual(items.map((i) => 2 * i));
    expect(others).toBeGreaterThan(5);
  });

  it('gives one piece of work a round of the event loop, however many there are', async () => {
    let rounds = 0;
    let isOver = false;
    const count = () => {
      rounds++;
      if (!isOver) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    const one = async () => {
      const turn = new Turn();
      for (let i = 0; i < 10; i++) {
        await turn.next();
      }
    };
    await Promise.all([one(), one(), one(), one()]);
    isOver = true;
    expect(rounds).toBeGreaterThanOrEqual(35);
  });

  it('lets others go between many pieces of work, each of which is short', async () => {
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    let rounds = 0;
    const other = setInterval(() => rounds++, 0);
    for (let i = 0; i < 2_000; i++) {
      await new Turn().all([1, 2], () => {
        now++;
      });
    }
    clearInterval(other);
    vi.restoreAllMocks();
    expect(rounds).toBeGreaterThan(0);
  });

  it('ends work that nobody waits for', async () => {
    const abort = new AbortController();
    const turn = new Turn(abort.signal);
    await turn.next();
    abort.abort(new Error('gone'));
    await expect(turn.next()).rejects.toThrow('gone');
  });
});

describe('steps', () => {
  function* sum(to: number): Steps<number> {
    let total = 0;
    for (let i = 1; i <= to; i++) {
      total += i;
      work(1);
      yield;
    }
    return total;
  }

  it('are done at once, or in turns', async () => {
    let others = 0;
    const other = setInterval(() => others++, 1);
    expect(atOnce(sum(30))).toBe(465);
    expect(others).toBe(0);
    expect(await inTurns(sum(60))).toBe(1_830);
    clearInterval(other);
    expect(others).toBeGreaterThan(2);
  });
});
