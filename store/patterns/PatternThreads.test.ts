import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PatternThreads } from './PatternThreads';

const plain = (pattern: string) => ({ pattern, ignoresCase: false });
/** Minutes, if nobody ends it. */
const ENDLESS = plain('a[ab]{300}[89]');
let seed = 1;
const LONG = Array.from({ length: 4_000_000 }, () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % 2 === 0 ? 'a' : 'b';
}).join('');

let threads: PatternThreads;
beforeEach(() => {
  threads = new PatternThreads(2, 1);
});
afterEach(() => threads.close());

describe('threads that look for patterns', () => {
  it('tell which texts have it, one after another', async () => {
    expect(await threads.test(plain('b+'), ['abc', 'ac', ''])).toEqual([true, false, false]);
    expect(await threads.test({ pattern: 'B+', ignoresCase: true }, ['abc', 'ac'])).toEqual([true, false]);
    expect(await threads.test(plain(''), [])).toEqual([]);
  });

  it('refuse what is no pattern, and go on', async () => {
    await expect(threads.test(plain('('), ['a'])).rejects.toMatchObject({ code: 'invalid_pattern' });
    expect(await threads.test(plain('a'), ['a'])).toEqual([true]);
  });

  it('end what nobody waits for, within a moment, and leave the main thread alone', async () => {
    const abort = new AbortController();
    const search = threads.test(ENDLESS, [LONG], { signal: abort.signal });
    let turns = 0;
    const counting = setInterval(() => turns++, 5);
    await setTimeout(300);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(10);
    const begin = process.cpuUsage();
    abort.abort(new Error('gone'));
    await expect(search).rejects.toThrow('gone');
    await setTimeout(500);
    const { user, system } = process.cpuUsage(begin);
    expect((user + system) / 1_000, 'milliseconds of work afterwards').toBeLessThan(300);
    expect(await threads.test(plain('a'), ['a'])).toEqual([true]);
  });

  it('end when the store does', async () => {
    const search = threads.test(ENDLESS, [LONG]);
    const ended = expect(search).rejects.toThrow();
    await setTimeout(200);
    await threads.close();
    await ended;
  });
});
