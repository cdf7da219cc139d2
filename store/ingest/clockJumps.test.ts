import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { Clocks } from '../testing/Clocks';
import { type OpenStore, openStore } from '../testing/openStore';
import { Upkeep } from './Upkeep';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let store: OpenStore;
let clocks: Clocks;
beforeEach(async () => {
  clocks = new Clocks();
  store = await openStore(clocks);
});
afterEach(() => store.close());

const reopen = async () => {
  await store.stop();
  clocks.passed = clocks.wall;
  store = await openStore({ directory: store.directory, ...clocks });
};
const openUpkeep = (retain?: number) =>
  new Upkeep(store.engine, store.runIndex, store.writer, {
    clock: store.clock,
    ...(retain !== undefined && { retain }),
    onError: (error) => expect.unreachable(String(error)),
  });
const entry = (step: number) => ({ step, metrics: { loss: step } });
const steps = async () =>
  (await store.reader.metrics({ runs: ['r'], metrics: ['loss'], attempts: 'all' }, FULL_ACCESS)).series[0]?.step;
const stateOf = async (run = 'r') => (await store.reader.run(run, FULL_ACCESS)).state;
const eventTypes = async () =>
  (await store.reader.events({ run: 'r' }, FULL_ACCESS)).events.map(({ type }) => type).toSorted();

it.each([
  ['ahead', 3 * DAY],
  ['back', -3 * DAY],
])(
  'a clock that is set %s by days forgets no batch, while the store runs and between two runs of it',
  async (_, jump) => {
    await store.log('r', [entry(1)], 'a');
    clocks.wall += jump;
    const upkeep = openUpkeep();
    await upkeep.tick();
    expect(await store.log('r', [entry(1)], 'a')).toEqual({ accepted: 1 });
    await store.log('r', [entry(2)], 'b');
    await upkeep.close();
    clocks.wall -= jump;
    await reopen();
    clocks.wall += jump;
    await reopen();
    const later = openUpkeep();
    await later.tick();
    for (const [step, batch] of [
      [1, 'a'],
      [2, 'b'],
    ] as const) {
      await store.log('r', [entry(step)], batch);
    }
    expect(await steps()).toEqual([1, 2]);
    // In time that really passes they are forgotten, whatever the clock says.
    clocks.wait(26 * HOUR);
    await later.tick();
    const left: string[] = [];
    await store.engine.batchIds(['r'], (_, batchId) => left.push(batchId));
    expect(left).toEqual([]);
    await later.close();
  },
);

it.each([
  ['ahead', 3 * HOUR],
  ['back', -3 * HOUR],
])('a clock that is set %s makes no run crash, and a silent one crashes in its time', async (_, jump) => {
  const upkeep = openUpkeep();
  await store.log('r', [entry(1)]);
  clocks.wall += jump;
  await upkeep.tick();
  expect(await stateOf()).toBe('running');
  clocks.wait(59_000);
  await upkeep.tick();
  expect(await stateOf()).toBe('running');
  clocks.wait(2_000);
  await upkeep.tick();
  expect(await stateOf()).toBe('crashed');
  expect(await eventTypes()).toEqual(['crash', 'start']);
  await upkeep.close();
});

it('tells every change of state, though the clock stands hours back', async () => {
  const upkeep = openUpkeep();
  await store.log('r', [entry(1)]);
  clocks.wall -= 5 * HOUR;
  for (let i = 0; i < 2; i++) {
    clocks.wait(61_000);
    await upkeep.tick();
    await store.log('r', [entry(2 + i)]);
    await store.writer.finish('r', {}, FULL_ACCESS);
    await store.log('r', [entry(4 + i)]);
  }
  const twice = ['crash', 'finish', 'reopen', 'reopen'];
  expect(await eventTypes()).toEqual([...twice, ...twice, 'start'].toSorted());
  await upkeep.close();
});

it('writes signs of life down, though the clock stands hours back', async () => {
  await store.log('r', [entry(1)]);
  clocks.wall -= 5 * HOUR;
  clocks.wait(11_000);
  const position = await store.engine.position();
  await store.log('r', []);
  expect(await store.engine.position()).toBe(position + 1);
  await store.log('r', []);
  expect(await store.engine.position()).toBe(position + 1);
});

it('deletes no run for a clock that was set, until it stood for an hour', async () => {
  await store.log('r', [entry(1)]);
  const upkeep = openUpkeep(30 * DAY);
  await upkeep.tick();
  clocks.wait(2 * HOUR);
  clocks.wall += 365 * DAY;
  await upkeep.tick();
  expect(store.runIndex.get('r')).toBeDefined();
  // Put right again.
  clocks.wall -= 365 * DAY;
  clocks.wait(2 * HOUR);
  await upkeep.tick();
  expect(store.runIndex.get('r')).toBeDefined();
  await upkeep.close();
  // A store that was started with a wrong clock does not trust it either.
  clocks.wall += 365 * DAY;
  await reopen();
  const later = openUpkeep(30 * DAY);
  await later.tick();
  expect(store.runIndex.get('r')).toBeDefined();
  clocks.wait(HOUR + 2_000);
  await later.tick();
  expect(store.runIndex.get('r')).toBeUndefined();
  await later.close();
});
