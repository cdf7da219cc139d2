import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Tests what runs have of metrics and tables, and how much the store has. */
export function summariesConformance(store: EngineUnderTest): void {
  it('counts the columns of all runs', async () => {
    const before = await store.engine.columnCount();
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
    const each = (await store.engine.columnCount()) - before;
    expect(each).toBeGreaterThan(0);
    await store.commit([{ kind: 'run', run: createRun('b') }, createRows('b', ['x'])]);
    expect(await store.engine.columnCount()).toBe(before + 2 * each);
    await store.reopen();
    expect(await store.engine.columnCount()).toBe(before + 2 * each);
    await store.commit([{ kind: 'delete', run: 'a' }]);
    expect(await store.engine.columnCount()).toBe(before + each);
  });

  it('sums up metrics and tables over runs', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      createPoints('a', [1, 2, 3], { values: [1, Number.NaN, -4] }),
      createPoints('b', [7], { values: [9] }),
      createRows('a', ['x', 'y'], { entryStep: 2, steps: [2, 2] }),
      createRows('b', ['z'], { table: 'u', entryStep: 5, steps: [5], times: [8_000] }),
    ]);
    const scopes = [{ run: 'a' }, { run: 'b' }];
    expect(await store.engine.metricSummaries(scopes, ['loss', 'none'])).toMatchObject([
      { name: 'loss', runs: 2, points: 4, firstStep: 1, lastStep: 7, min: -4, max: 9 },
    ]);
    expect(await store.engine.metricSummaries([{ run: 'a' }], ['loss'])).toMatchObject([
      { runs: 1, points: 3, last: -4, lastTime: 1_003 },
    ]);
    expect(await store.engine.tableSummaries(scopes)).toMatchObject([
      { name: 't', rows: 2, firstStep: 2, lastStep: 2, columns: [{ name: 'text', type: 'string' }] },
      { name: 'u', rows: 1, firstStep: 5, lastStep: 5, updatedAt: 8_000 },
    ]);
    expect(await store.engine.tablesOf('b')).toMatchObject([{ name: 'u', columns: [{ name: 'text' }] }]);
    expect(await store.engine.tablesOf('nobody')).toEqual([]);
    const sizes = await store.engine.bytesOfRuns();
    expect(sizes.map(({ run }) => run).sort()).toEqual(['a', 'b']);
    expect(sizes.every(({ bytes }) => bytes > 0)).toBe(true);
    const { engine, bytes, freeBytes, trouble } = await store.engine.size();
    expect([engine.length, bytes, freeBytes].every((one) => one > 0)).toBe(true);
    expect(trouble).toBeUndefined();
  });

  it('tells what room there is for names, tables and columns', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1, 2], { metrics: ['x', 'y'] }),
      createRows('a', ['x']),
      createRows('b', ['x'], { table: 'u' }),
    ]);
    expect(await store.engine.metricRoom(['y', 'z'])).toEqual({ names: 2, known: new Set(['y']) });
    const room = await store.engine.tableRoom('a', 't');
    expect(room).toMatchObject({ tables: 2, tablesOfRun: 1, columns: 1 });
    expect(room.columnsOfAll).toBeGreaterThanOrEqual(2);
    expect(room.has({ name: 'text', type: 'string', origin: 'logged' })).toBe(true);
    expect(room.has({ name: 'text', type: 'number', origin: 'logged' })).toBe(false);
    expect(await store.engine.tableRoom('nobody', 'none')).toMatchObject({ tables: 2, tablesOfRun: 0, columns: 0 });
  });
}
