import { beforeEach, describe, expect, it } from 'vitest';
import { FairPool } from './FairPool';

const ALL = [0, 1, 2];

let pool: FairPool<number>;
let turns: string[];
beforeEach(() => {
  pool = new FairPool<number>(2);
  turns = [];
  for (const one of ALL) {
    pool.release(one);
  }
});

/** Asks, and notes when it is its turn. */
async function ask(caller: string, signal?: AbortSignal): Promise<number> {
  const one = await pool.acquire(caller, signal);
  turns.push(caller);
  return one;
}

const settle = () => new Promise(setImmediate);

describe('what there are few of', () => {
  it('are lent to one caller only so many at a time, though others lie idle', async () => {
    const held = [ask('a'), ask('a'), ask('a'), ask('b')];
    await settle();
    expect(turns).toEqual(['a', 'a', 'b']);
    pool.release(await (held[0] as Promise<number>));
    await settle();
    expect(turns).toEqual(['a', 'a', 'b', 'a']);
  });

  it('go to callers in turns, however many reads one of them has waiting', async () => {
    const held = [ask('a'), ask('a'), ask('x')];
    const waiting = [...Array.from({ length: 20 }, () => ask('a')), ask('b'), ask('c')];
    await settle();
    turns = [];
    for (const one of [...held, ...waiting]) {
      pool.release(await one);
      await settle();
    }
    expect(turns.slice(0, 4).toSorted()).toEqual(['a', 'a', 'b', 'c']);
    expect(turns).toHaveLength(22);
  });

  it('are waited for by a bounded number of reads', async () => {
    const held = await Promise.all([ask('a'), ask('a')]);
    const abort = new AbortController();
    const waiting = Array.from({ length: 250 }, () => ask('a', abort.signal));
    await expect(ask('a')).rejects.toMatchObject({ code: 'too_busy', retryAfter: 2 });
    pool.release(await ask('b'));
    const ended = Promise.allSettled(waiting);
    abort.abort(new Error('gone'));
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
    for (const one of held) {
      pool.release(one);
    }
    await ask('a');
  });

  it('are taken out when all have come back, and who waits goes on with the new ones', async () => {
    const held = await Promise.all([ask('a'), ask('b')]);
    const drained = pool.drain();
    const waiting = ask('c');
    for (const one of held) {
      pool.release(one);
    }
    expect(new Set(await drained)).toEqual(new Set(ALL));
    expect(turns).toEqual(['a', 'b']);
    pool.release(7);
    expect(await waiting).toBe(7);
  });
});
