import { DuckDBConnection } from '@duckdb/node-api';
import type { LogEntry } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../../Access';
import { CommitQueue } from '../../ingest/CommitQueue';
import { type OpenStore, openStore } from '../../testing/openStore';

/*
 * A statement costs about a millisecond, so a commit must take as few of them for two hundred runs as for two. What is
 * counted is whatever the driver is asked to do, reads while the commit is put together included.
 */

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const METHODS = ['run', 'stream', 'createAppender'] as const;

/** Of so many calls, in one commit: on a busy machine they come to the queue in several turns. */
async function askedOf(calls: number, work: () => Promise<unknown>): Promise<string[]> {
  const spies = METHODS.map((method) => vi.spyOn(DuckDBConnection.prototype, method));
  const queued = vi.spyOn(CommitQueue.prototype, 'add');
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  try {
    const held = store.writer.between(() => gate);
    const done = work();
    await vi.waitFor(() => expect(queued).toHaveBeenCalledTimes(calls), { timeout: 10_000 });
    release();
    await Promise.all([held, done]);
    const asked = spies.flatMap(({ mock }) => mock.calls.map(([sql]) => String(sql)));
    // Whether the room on the disk is looked at depends on the time.
    return asked.filter((sql) => !sql.includes('database_size'));
  } finally {
    release();
    for (const spy of [...spies, queued]) {
      spy.mockRestore();
    }
  }
}

const statementsOf = async (calls: number, work: () => Promise<unknown>) => (await askedOf(calls, work)).length;

const restart = async () => {
  await store.stop();
  store = await openStore({ directory: store.directory });
};

const METRICS = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`m${i}`, i]));
const entry = (run: string, step: number): LogEntry => ({
  step,
  metrics: METRICS,
  tables: {
    rollouts: {
      columns: ['prompt', 'response', 'reward', { name: 'extra', role: 'rewardPart' }],
      rows: [
        ['2 + 2', `${run} ${step} ${'x'.repeat(300)}`, 1, 1],
        ['2 + 3', `${run} ${step}`, 0, 0],
      ],
    },
  },
});
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const create = (runs: string[]) =>
  Promise.all(runs.map((run) => store.writer.putRun(run, { project: 'p' }, FULL_ACCESS)));
const logAll = (runs: string[], step: number, batchId?: string) =>
  Promise.all(runs.map((run) => store.log(run, [entry(run, step)], batchId)));

it('takes as many statements for many runs as for two: when they start, go on, come back, and are deleted', async () => {
  const few = names('few', 2);
  const many = names('many', 40);
  const counts = async (runs: string[]) => ({
    create: await statementsOf(runs.length, () => create(runs)),
    start: await statementsOf(runs.length, () => logAll(runs, 5, 'b5')),
    goOn: await statementsOf(runs.length, () => logAll(runs, 6, 'b6')),
  });
  // The first runs of all make the table, with its columns.
  await create(['first']);
  await logAll(['first'], 1);
  const ofFew = await counts(few);
  expect(await counts(many)).toEqual(ofFew);
  // One that begins with what changes what is there, one that ends, and an append to each table.
  expect(ofFew).toEqual({ create: 4, start: 8, goOn: 6 });

  await restart();
  const after = async (runs: string[]) => ({
    goOn: await statementsOf(runs.length, () => logAll(runs, 7, 'b7')),
    resend: await statementsOf(runs.length, () => logAll(runs, 7, 'b7')),
    goBack: await statementsOf(runs.length, () => logAll(runs, 5, 'b8')),
    delete: await statementsOf(runs.length, () =>
      Promise.all(runs.map((run) => store.writer.deleteRun(run, FULL_ACCESS))),
    ),
  });
  const ofFewAfter = await after(few);
  expect(await after(many)).toEqual(ofFewAfter);
});

it('makes a table of many columns by one statement', async () => {
  await create(['narrow', 'wide']);
  const log = (run: string, columns: number) =>
    store.log(run, [
      {
        step: 1,
        tables: { [run]: { columns: names('c', columns), rows: [names('', columns)] } },
      },
    ]);
  const narrow = await statementsOf(1, () => log('narrow', 2));
  expect(await statementsOf(1, () => log('wide', 200))).toBe(narrow);
});
