import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { BatchMemory } from './BatchMemory';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

it('keeps the filters of so many bytes, and knows what any run stored', async () => {
  const runs = ['a', 'b', 'c', 'd'];
  for (const run of runs) {
    await store.log(run, [{ step: 1, metrics: { loss: 1 } }], 'one');
  }
  // Of two runs.
  const memory = new BatchMemory(store.engine, () => 1, 30_000);
  for (const run of [...runs, ...runs]) {
    const found = await memory.find([
      { run, batchId: 'one' },
      { run, batchId: 'two' },
    ]);
    expect(found).toEqual(new Map([[run, new Map([['one', 1]])]]));
    expect(memory.size).toBeLessThanOrEqual(2);
  }
  // Those that log at one time are there at one time, however many.
  const found = await memory.find(runs.map((run) => ({ run, batchId: 'one' })));
  expect([...found.keys()].sort()).toEqual(runs);
  memory.delete('d');
  await memory.find([{ run: 'a', batchId: 'x' }]);
  expect(memory.size).toBeLessThanOrEqual(2);
});

it('a batch of a run that had to go is stored once', async () => {
  await store.log('a', [{ step: 1, metrics: { loss: 1 } }], 'one');
  const memory = new BatchMemory(store.engine, () => 1, 1);
  await memory.find([{ run: 'a', batchId: 'one' }]);
  await store.log('b', [], 'x');
  await memory.find([{ run: 'b', batchId: 'x' }]);
  await store.writer.log('a', { batchId: 'two', entries: [] }, FULL_ACCESS);
  memory.add('a', 'two');
  expect(await memory.find([{ run: 'a', batchId: 'two' }])).toEqual(new Map([['a', new Map([['two', 0]])]]));
});
