import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Tests what commits write, whole or not at all, and look up of earlier ones. */
export function commitsConformance(store: EngineUnderTest): void {
  it('keeps everything over a restart', async () => {
    const run = createRun('a', { config: { deep: { x: [1, null, 'y'] } }, tags: ['keep'] });
    await store.commit([
      { kind: 'run', run },
      createPoints('a', [1, 2]),
      createRows('a', ['one', null]),
      { kind: 'events', events: [{ id: 'e', run: 'a', type: 'start', time: 5, title: 'started' }] },
      { kind: 'batch', run: 'a', batchId: 'b1', time: 10, accepted: 3 },
    ]);
    const { storeId } = store.engine;
    const position = await store.engine.position();
    const { rows } = await store.engine.rowNumbers(await store.query('a'), []);
    const last = rows.at(-1) ?? 0;
    await store.reopen();
    expect(await store.engine.loadRuns()).toEqual([run]);
    expect(await store.steps('a')).toEqual([1, 2]);
    expect(await store.texts('a')).toEqual(['one', null]);
    expect(await store.engine.events({ limit: 10 })).toMatchObject([{ id: 'e', title: 'started' }]);
    expect(await batchesOf(store, ['a', 'nobody'])).toEqual(['a b1']);
    expect(await store.engine.newestBatch()).toBe(10);
    const asked = ['a', 'nobody'].flatMap((run) => ['b1', 'b2'].map((batchId) => ({ run, batchId })));
    expect(await store.engine.findBatches(asked)).toEqual(new Map([['a', new Map([['b1', 3]])]]));
    expect(store.engine.storeId).toBe(storeId);
    expect(await store.engine.reserveRows(1)).toBeGreaterThan(last);
    expect(await store.engine.position()).toBeGreaterThanOrEqual(position);
  });

  it('commits all changes or none', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one'])]);
    const position = await store.engine.position();
    const fresh = { columns: [{ name: 'other', type: 'number', origin: 'logged' }] as const, cells: [[1]] };
    const bad = createPoints('a', [3], { steps: [0.5] });
    await expect(
      store.commit([
        { kind: 'run', run: createRun('b') },
        createRows('a', ['two']),
        createRows('b', ['x'], { table: 'fresh', columns: [...fresh.columns], cells: fresh.cells }),
        { kind: 'delete', run: 'a' },
        bad,
      ]),
    ).rejects.toThrow();
    expect(await store.engine.position()).toBe(position);
    expect((await store.engine.loadRuns()).map(({ id }) => id)).toEqual(['a']);
    expect(await store.texts('a')).toEqual(['one']);
    expect(await store.engine.tableColumns(['b'], 'fresh')).toEqual([]);
    await store.commit([
      { kind: 'run', run: createRun('b') },
      createRows('b', ['x'], { table: 'fresh' }),
      createRows('a', ['three']),
    ]);
    expect([await store.texts('a'), await store.texts('b', { table: 'fresh' })]).toEqual([['one', 'three'], ['x']]);
    await store.reopen();
    expect([await store.texts('a'), await store.texts('b', { table: 'fresh' })]).toEqual([['one', 'three'], ['x']]);
  });

  it('stores an event once', async () => {
    const event = { id: 'e', run: 'a', type: 'x', time: 1, title: 'first' };
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'events', events: [event, { ...event, title: 'again' }] },
    ]);
    await store.commit([{ kind: 'events', events: [{ ...event, title: 'and again' }] }]);
    expect(await store.engine.events({ limit: 10 })).toMatchObject([{ title: 'first' }]);
  });

  it('keeps the last state of an adapter, with the commit it came with', async () => {
    const state = (run: string, key: string, value: string) => ({
      kind: 'adapterState' as const,
      run,
      key,
      value,
    });
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      state('a', 'x', 'first'),
      state('a', 'x', 'second'),
      state('a', '', '\u0000'),
      state('b', 'x', 'of b'),
    ]);
    await store.commit([state('a', 'x', 'third')]);
    await expect(store.commit([state('a', 'x', 'fourth'), createPoints('a', [0.5])])).rejects.toThrow();
    await store.reopen();
    expect(Object.fromEntries(await store.engine.adapterState('a'))).toEqual({ x: 'third', '': '\u0000' });
    await store.commit([state('a', 'x', 'gone'), { kind: 'delete', run: 'a' }]);
    expect(await store.engine.adapterState('a')).toEqual(new Map());
    expect(await store.engine.adapterState('b')).toEqual(new Map([['x', 'of b']]));
  });

  it('tells what earlier commits had of batches until they are forgotten, and of no other run', async () => {
    const batch = (run: string, batchId: string, time: number) => ({
      kind: 'batch' as const,
      ...{ run, batchId, time, accepted: time },
    });
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      batch('a', 'old', 10),
      batch('a', "new '«\0»", 20),
      batch('b', 'old', 30),
    ]);
    await store.engine.readAhead(['a', 'b', 'nobody']);
    const asked = ['a', 'b', 'nobody'].flatMap((run) => ['old', "new '«\0»"].map((batchId) => ({ run, batchId })));
    expect(await store.engine.findBatches(asked)).toEqual(
      new Map([
        ['a', new Map(Object.entries({ old: 10, "new '«\0»": 20 }))],
        ['b', new Map([['old', 30]])],
      ]),
    );
    await store.engine.forgetBatches(20);
    expect(await batchesOf(store, ['a', 'b'])).toEqual(["a new '«\0»", 'b old']);
    await store.reopen();
    expect(await batchesOf(store, ['a', 'b'])).toEqual(["a new '«\0»", 'b old']);
    expect(await store.engine.newestBatch()).toBe(30);
  });

  it('tells which steps an attempt has points at', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1, 2, 3]),
      createPoints('a', [2, 9], { attempt: 2 }),
    ]);
    const asked = (attempt: number) => ({ run: 'a', attempt, metric: 'loss', steps: [2, 3, 4, 9] });
    const found = async (attempt: number) =>
      [...((await store.engine.loggedSteps([asked(attempt)])).get('a')?.get('loss') ?? [])].sort();
    expect([await found(1), await found(2), await found(3)]).toEqual([[2, 3], [2, 9], []]);
    expect(await store.engine.loggedSteps([{ ...asked(1), run: 'nobody' }])).toEqual(new Map());
  });

  it('tells the first row of a table that has a prompt and a response', async () => {
    const columns = ['promptHash', 'responseHash'].map(
      (name) => ({ name, type: 'string', origin: 'derived' }) as const,
    );
    const first = await store.engine.reserveRows(3);
    const rows = (firstRow: number, cells: (string | null)[][]) =>
      createRows('a', [], {
        firstRow,
        columns,
        cells,
        steps: cells[0]?.map(() => 1) ?? [],
        times: cells[0]?.map(() => 1) ?? [],
      });
    await store.commit([
      { kind: 'run', run: createRun('a') },
      rows(first, [
        ['p', 'p'],
        ['r', 's'],
      ]),
      rows(first + 2, [['p'], ['r']]),
    ]);
    const wanted = new Map([['a', new Set(['p r', 'p s', 'q r'])]]);
    expect(await store.engine.firstRows('t', wanted)).toEqual(
      new Map([['a', new Map(Object.entries({ 'p r': first, 'p s': first + 1 }))]]),
    );
    expect(await store.engine.firstRows('none', wanted)).toEqual(new Map());
  });

  it('chooses events by run, time and type, the earliest first', async () => {
    const event = (id: string, run: string, type: string, time: number) => ({ id, run, type, time, title: id });
    const nan = {
      ...event('n', 'a', 'nan', 4),
      step: 7,
      text: 'long',
      values: { metric: 'loss', kind: 'nan', referenceSteps: [3, 5], other: 1 },
    };
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      { kind: 'events', events: [event('late', 'a', 'x', 9), event('b', 'b', 'x', 1), nan, event('y', 'a', 'y', 2)] },
    ]);
    const ids = async (query: Partial<Parameters<typeof store.engine.events>[0]>) =>
      (await store.engine.events({ limit: 10, ...query })).map(({ id }) => id);
    expect(await ids({})).toEqual(['b', 'y', 'n', 'late']);
    expect(await ids({ limit: 2 })).toEqual(['b', 'y']);
    expect(await ids({ runs: ['a'], from: 2, to: 4 })).toEqual(['y', 'n']);
    expect(await ids({ types: ['x', 'none'] })).toEqual(['b', 'late']);
    expect(await ids({ runs: ['nobody'] })).toEqual([]);
    const marks = await store.engine.eventMarks({ runs: ['a'], types: ['nan', 'y'], limit: 10 });
    expect(marks).toMatchObject([
      { id: 'y', time: 2 },
      { id: 'n', step: 7, values: { metric: 'loss', kind: 'nan', reference: 5 } },
    ]);
  });
}

async function batchesOf({ engine }: EngineUnderTest, runs: string[]): Promise<string[]> {
  const found: string[] = [];
  await engine.batchIds(runs, (run, batchId) => found.push(`${run} ${batchId}`));
  return found.sort();
}
