import { expect, it, vi } from 'vitest';
import { StoreError } from '../StoreError';
import { CommitQueue } from './CommitQueue';

/** A queue whose commits are lists of what was staged. */
function openQueue(commit: (stage: string[]) => Promise<void> = async () => {}) {
  const commits: string[][] = [];
  const queue = new CommitQueue<string[]>(
    () => [],
    async (stage) => {
      await commit(stage);
      commits.push(stage);
    },
  );
  const add = (name: string, bytes = 1) =>
    queue.add({
      bytes,
      stage: async (stage) => {
        stage.push(name);
        return name;
      },
    });
  return { queue, commits, add };
}

it('never forgets a call, whenever it comes', async () => {
  const { add, commits } = openQueue();
  for (let i = 0; i < 50; i++) {
    // A few microtasks later each time: around the end of the round before.
    const one = add(`${i}`);
    for (let turn = 0; turn < i % 10; turn++) {
      await Promise.resolve();
    }
    expect(await one).toBe(`${i}`);
  }
  expect(commits.flat()).toHaveLength(50);
});

it('commits together what waits together', async () => {
  const { add, commits } = openQueue();
  await Promise.all(['a', 'b', 'c'].map((name) => add(name)));
  expect(commits).toEqual([['a', 'b', 'c']]);
});

it('fails only the call that is at fault', async () => {
  const { add, commits } = openQueue(async (stage) => {
    if (stage.includes('bad')) {
      throw new Error('at fault');
    }
  });
  const results = await Promise.allSettled(['a', 'bad', 'c'].map((name) => add(name)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(commits).toEqual([['a'], ['c']]);
});

it('commits the others together when calls are refused', async () => {
  const { queue, add, commits } = openQueue();
  const refused = (name: string) =>
    queue.add({
      bytes: 1,
      stage: async (stage) => {
        stage.push(name);
        throw new StoreError('run_not_found', `There is no ${name}.`);
      },
    });
  const names = Array.from({ length: 100 }, (_, i) => `${i}`);
  const results = await Promise.allSettled(names.map((name, i) => (i % 10 === 3 ? refused(name) : add(name))));
  expect(results.map(({ status }) => status === 'rejected')).toEqual(names.map((_, i) => i % 10 === 3));
  expect(results[13]).toMatchObject({ reason: { message: 'There is no 13.' } });
  expect(commits).toEqual([names.filter((_, i) => i % 10 !== 3)]);
});

it('refuses beyond its bounds, and takes calls again when there is room', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { add } = openQueue(() => gate);
  const first = add('a', 200 * 1024 * 1024);
  await expect(add('b', 100 * 1024 * 1024)).rejects.toMatchObject({ code: 'too_busy', retryAfter: 1 });
  open();
  await first;
  expect(await add('b', 100 * 1024 * 1024)).toBe('b');
});

it('writes what waits before it closes, and takes no more', async () => {
  const { queue, add, commits } = openQueue();
  const one = add('a');
  const closed = queue.close();
  await expect(add('b')).rejects.toBeInstanceOf(StoreError);
  await closed;
  expect(await one).toBe('a');
  expect(commits).toEqual([['a']]);
});

it('commits callers together who call again as soon as they are answered, also where one of them came first', async () => {
  const { add, commits } = openQueue(() => new Promise((resolve) => setTimeout(resolve, 20)));
  const CALLS = 30;
  await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name, i) => {
      // The first is alone in its commit, and the others come while that is written.
      await new Promise((resolve) => setTimeout(resolve, i === 0 ? 0 : 5));
      for (let n = 0; n < CALLS; n++) {
        await add(name);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
  );
  expect(commits.flat()).toHaveLength(4 * CALLS);
  // Without waiting for each other they are one and three in turns, which is two a commit.
  expect((4 * CALLS) / commits.length).toBeGreaterThan(3);
});

it('keeps nobody waiting for who does not come again', async () => {
  const { add, commits } = openQueue(() => new Promise((resolve) => setTimeout(resolve, 20)));
  await Promise.all([add('a'), add('b')]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  // Nobody is expected so late, nor by one who is alone.
  for (const name of ['c', 'd']) {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await add(name);
    const waits = timers.mock.calls.map(([, milliseconds]) => Number(milliseconds));
    timers.mockRestore();
    // The commit's own, and none that is as short as a wait for others.
    expect(waits).toContain(20);
    expect(waits.filter((milliseconds) => milliseconds <= 5)).toEqual([]);
  }
  expect(commits).toEqual([['a', 'b'], ['c'], ['d']]);
});
