import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from './Database';

/** Minutes, if nobody ends it. */
const ENDLESS = 'SELECT count(*) FROM range(1000000000000) WHERE hash(range) = 1';

let directory: string;
let database: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rolloscope-interrupts-'));
  database = await Database.open(directory);
});
afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const readFor = (signal: AbortSignal, sql: string) => database.readsFor({ signal }).read(sql);

/** A read that must answer rightly, whatever is interrupted beside it. */
async function sum(n: number, options = {}): Promise<void> {
  const found = await database.readsFor(options).read(`SELECT sum(range)::DOUBLE, ${n} FROM range(${n})`);
  expect([found.at(0), found.at(1)]).toEqual([[(n * (n - 1)) / 2], [n]]);
}

describe('a read that nobody waits for', () => {
  it('ends, and its connection answers the next one', async () => {
    for (const delay of [0, 1, 5, 50, 200]) {
      const abort = new AbortController();
      const reads = Array.from({ length: 4 }, () => readFor(abort.signal, ENDLESS));
      void setTimeout(delay).then(() => abort.abort(new Error(`gone after ${delay} ms`)));
      const results = await Promise.allSettled(reads);
      expect(results.map((one) => one.status === 'rejected' && String(one.reason))).toEqual(
        reads.map(() => `Error: gone after ${delay} ms`),
      );
      await Promise.all([10, 20, 30, 40].map(sum));
    }
  });

  it('leaves the queue without having been run', async () => {
    const busy = new AbortController();
    const held = Array.from({ length: 4 }, () => readFor(busy.signal, ENDLESS));
    const abort = new AbortController();
    const queued = readFor(abort.signal, ENDLESS);
    const next = sum(100);
    await setTimeout(20);
    abort.abort(new Error('gone'));
    await expect(queued).rejects.toThrow('gone');
    busy.abort(new Error('done'));
    await Promise.allSettled(held);
    await next;
  });

  it('starts nothing when it has gone already', async () => {
    await expect(readFor(AbortSignal.abort(new Error('gone')), ENDLESS)).rejects.toThrow('gone');
  });

  it('never takes another read down with it', async () => {
    let [ended, answered] = [0, 0];
    const rounds = Array.from({ length: 400 }, async (_, i) => {
      await setTimeout(i * 2);
      if (i % 2 === 0) {
        await sum(1_000 + i);
        answered++;
        return;
      }
      const abort = new AbortController();
      void setTimeout((i * 7) % 11).then(() => abort.abort());
      // Some are over about when they are interrupted: those either answer, and then rightly, or end.
      const n = 200_000 * ((i % 5) + 1);
      await readFor(abort.signal, `SELECT sum(range)::DOUBLE FROM range(${n})`).then(
        (found) => expect(found.at(0)).toEqual([(n * (n - 1)) / 2]),
        (error) => {
          expect(error).toBe(abort.signal.reason);
          ended++;
        },
      );
    });
    await Promise.all(rounds);
    expect(answered).toBe(200);
    expect(ended).toBeGreaterThan(0);
  });

  it('takes no longer than the request may read, over all of its reads', async () => {
    const scope = { signal: new AbortController().signal, caller: 'a', time: { left: 300 } };
    const read = (sql: string) => database.readsFor(scope).read(sql);
    await read('SELECT 1');
    expect(scope.time.left).toBeLessThan(300);
    const begin = performance.now();
    await expect(read(ENDLESS)).rejects.toMatchObject({ code: 'query_too_slow' });
    expect(performance.now() - begin).toBeLessThan(3_000);
    await expect(read(ENDLESS)).rejects.toMatchObject({ code: 'query_too_slow' });
    await sum(10);
  });

  it('keeps no look-up of the store itself waiting, and no read of another caller', async () => {
    const abort = new AbortController();
    const scope = { signal: abort.signal, caller: 'greedy' };
    const reads = Array.from({ length: 20 }, () => database.readsFor(scope).read(ENDLESS));
    await setTimeout(20);
    expect((await database.lookUp('SELECT 1::INTEGER')).at(0)).toEqual([1]);
    const other = { signal: new AbortController().signal, caller: 'other' };
    await sum(10, other);
    abort.abort(new Error('gone'));
    await Promise.allSettled(reads);
  });
});
