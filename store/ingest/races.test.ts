import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { Upkeep } from './Upkeep';

/*
 * What timers do to state that the writer's queue works on, at the worst moment: each test holds one side still while the
 * other goes on.
 */

const HOUR = 3_600_000;

let store: OpenStore;
let clock: number;
const now = () => clock;
beforeEach(async () => {
  clock = Date.now();
  store = await openStore({ now });
});
afterEach(() => store.close());

const reopen = async () => {
  await store.stop();
  store = await openStore({ directory: store.directory, now });
};
const openUpkeep = (retain?: number) =>
  new Upkeep(store.engine, store.runIndex, store.writer, {
    clock: store.clock,
    ...(retain !== undefined && { retain }),
    onError: (error) => expect.unreachable(String(error)),
  });
const entry = (step: number) => ({ step, metrics: { loss: step } });
const steps = async (run = 'r') =>
  (await store.reader.metrics({ runs: [run], metrics: ['loss'], attempts: 'all', reduce: 'none' }, FULL_ACCESS))
    .series[0]?.step;
const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Holds a method of the engine still when it is called; `reached` resolves then, and `release` lets it go on. */
function hold<K extends 'batchIds' | 'commit' | 'bytesOfRuns'>(method: K) {
  const { engine } = store;
  const real = engine[method].bind(engine) as (...args: unknown[]) => Promise<unknown>;
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    engine[method] = (async (...args: unknown[]) => {
      resolve();
      const result = method === 'commit' ? undefined : await real(...args);
      await gate;
      return method === 'commit' ? real(...args) : result;
    }) as never;
  });
  const restore = () => {
    engine[method] = real as never;
  };
  return { reached, release, restore };
}

it('a batch that comes again while its ids are read is stored once, whatever upkeep does meanwhile', async () => {
  await store.log('r', [entry(1)], 'b');
  await reopen();
  const held = hold('batchIds');
  const again = store.log('r', [entry(1)], 'b');
  await held.reached;
  const forgetting = store.writer.forgetBatches();
  await turns();
  held.release();
  held.restore();
  expect(await again).toEqual({ accepted: 1 });
  await forgetting;
  expect(await store.log('r', [entry(1)], 'b')).toEqual({ accepted: 1 });
  expect(await steps()).toEqual([1]);
});

it('batches that come again in the second after a restart are stored once, through upkeep’s first round', async () => {
  const runs = Array.from({ length: 8 }, (_, i) => `r${i}`);
  for (const run of runs) {
    await store.log(run, [entry(1)], 'b');
  }
  await reopen();
  const upkeep = openUpkeep();
  await Promise.all([upkeep.tick(), ...runs.map((run) => store.log(run, [entry(1)], 'b'))]);
  await Promise.all(runs.map((run) => store.log(run, [entry(1)], 'b')));
  for (const run of runs) {
    expect(await steps(run)).toEqual([1]);
  }
  await upkeep.close();
});

it('a run that is heard while upkeep takes it for silent lives on', async () => {
  const upkeep = openUpkeep();
  await store.log('r', [entry(1)]);
  clock += HOUR;
  const held = hold('commit');
  const heard = store.log('r', [entry(2)]);
  await held.reached;
  const tick = upkeep.tick();
  await turns();
  held.release();
  await Promise.all([heard, tick]);
  held.restore();
  expect((await store.reader.run('r', FULL_ACCESS)).state).toBe('running');
  const { events } = await store.reader.events({ run: 'r' }, FULL_ACCESS);
  expect(events.map(({ type }) => type)).toEqual(['start']);
  await upkeep.close();
});

it.each([
  ['logged to', () => store.log('r', [entry(2)])],
  ['to be kept', () => store.writer.putRun('r', { project: 'p', tags: ['keep'] }, FULL_ACCESS)],
])('a run that is %s while upkeep takes it for over stays', async (_, save) => {
  const upkeep = openUpkeep(HOUR);
  await upkeep.tick();
  await store.log('r', [entry(1)]);
  clock += 2 * HOUR;
  const held = hold('commit');
  const saved = save();
  await held.reached;
  const tick = upkeep.tick();
  await turns();
  held.release();
  await Promise.all([saved, tick]);
  held.restore();
  expect(store.runIndex.get('r')).toBeDefined();
  await upkeep.close();
});

it('a size that is measured while its run is deleted and made anew is not the new one’s', async () => {
  await store.log(
    'r',
    Array.from({ length: 1_000 }, (_, step) => entry(step)),
  );
  const held = hold('bytesOfRuns');
  const measured = store.runIndex.measure(store.engine);
  await held.reached;
  await store.writer.deleteRun('r', FULL_ACCESS);
  await store.log('r', [entry(1)]);
  held.release();
  held.restore();
  await measured;
  expect(store.runIndex.get('r')?.bytes).toBeUndefined();
  await store.runIndex.measure(store.engine);
  expect(store.runIndex.get('r')?.bytes).toBeLessThan(100);
});

it('a run made anew beside its delete has nothing of the one before: no steps, no columns, no roles', async () => {
  const table = (column: { name: string; role?: 'reward' }) => ({ tables: { t: { columns: [column], rows: [[1]] } } });
  await store.log('r', [entry(1), entry(2), entry(3), table({ name: 'a', role: 'reward' })]);
  await Promise.all([
    store.log('r', [entry(4), entry(5)]),
    store.writer.deleteRun('r', FULL_ACCESS),
    store.writer.putRun('r', { project: 'p' }, FULL_ACCESS),
    store.log('r', [entry(5), entry(4), entry(3), entry(2), table({ name: 'a' })]),
  ]);
  expect((await store.reader.run('r', FULL_ACCESS)).attempts).toHaveLength(1);
  expect(await steps()).toEqual([2, 3, 4, 5]);
  const { columns } = await store.reader.rows({ runs: ['r'], table: 't' }, FULL_ACCESS);
  expect(columns.find(({ name }) => name === 'a')).toEqual({ name: 'a', type: 'number', origin: 'logged' });
});

it('work between commits is done once and by itself, though calls beside it fail', async () => {
  await store.log('r', [entry(1)]);
  const { commit } = store.engine;
  const seen: string[] = [];
  vi.spyOn(store.engine, 'commit').mockImplementation(async (changes) => {
    seen.push('commit');
    if (changes.some((change) => change.kind === 'points' && change.steps.includes(13))) {
      throw new Error('at fault');
    }
    return commit.call(store.engine, changes);
  });
  const work = async () => {
    seen.push('begin');
    await turns();
    seen.push('end');
  };
  const calls = [store.log('r', [entry(2)]), store.log('r', [entry(13)]), store.writer.between(work)];
  const results = await Promise.allSettled([...calls, store.log('r', [entry(3)])]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(seen).toEqual(['commit', 'commit', 'commit', 'begin', 'end', 'commit']);
  vi.restoreAllMocks();
  expect(await steps()).toEqual([1, 2, 3]);
});
