import { expect, it } from 'vitest';
import { requestScope } from '../requestScope';
import { nextTurn, Pace } from './Pace';

/** Works for so long without a turn for anybody else. */
function busy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

it('lets one go on in each turn of the event loop, however many work at once', async () => {
  let turn = 0;
  let counting = true;
  const count = () => {
    turn++;
    if (counting) {
      setImmediate(count);
    }
  };
  setImmediate(count);
  const slices: number[] = [];
  const work = async () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) {
      slices.push(turn);
      busy(11);
      expect(pace.isDue).toBe(true);
      await pace.rest();
    }
  };
  await Promise.all(Array.from({ length: 20 }, () => nextTurn().then(work)));
  counting = false;
  expect(slices).toHaveLength(60);
  expect(new Set(slices).size).toBe(60);
});

it('is due after a slice of work, and not again right after a rest', async () => {
  const pace = new Pace();
  expect(pace.isDue).toBe(false);
  busy(12);
  expect(pace.isDue).toBe(true);
  await pace.rest();
  expect(pace.isDue).toBe(false);
});

it('ends the work of a request that nobody waits for', async () => {
  const abort = new AbortController();
  await requestScope.run({ signal: abort.signal }, async () => {
    const pace = new Pace();
    await pace.rest();
    abort.abort(new Error('gone'));
    await expect(pace.rest()).rejects.toThrow('gone');
  });
});
