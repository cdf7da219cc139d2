import { expect, it } from 'vitest';
import type { SeriesQuery } from '../EngineReads';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

const age = (run: string, ages: (number | null)[], entryStep: number | null, partial = {}) =>
  createRows(run, [], {
    columns: [{ name: 'age', type: 'number', origin: 'derived' }],
    cells: [ages],
    entryStep,
    steps: ages.map(() => entryStep),
    times: ages.map((_, i) => 10 + i),
    ...partial,
  });

/** Tests what a writer needs to make metrics of rows, and how these are read: a point replaces that of its step. */
export function rowMetricsConformance(store: EngineUnderTest): void {
  it('tells the rows of some steps, by run', async () => {
    const first = await store.engine.reserveRows(3);
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      { kind: 'run', run: createRun('c') },
      age('a', [4, null], 1, { firstRow: first }),
      age('a', [5], 1, { firstRow: first + 2, attempt: 2 }),
      // The first has another step than its entry, and the second has none.
      age('a', [6], 1, { steps: [7] }),
      age('a', [6], null),
      age('a', [8], 9),
      age('b', [1], 1),
      createRows('c', ['no age']),
    ]);
    const asked = new Map(Object.entries({ a: [1, 2], b: [9], c: [1], nobody: [1] }));
    const found = await store.engine.rowsAtSteps('t', asked, ['age', 'other'], 10);
    expect(found.get('a')).toEqual({
      highest: 9,
      steps: new Map([
        [
          1,
          [
            { row: first, attempt: 1, time: 10, cells: [4, null] },
            { row: first + 1, attempt: 1, time: 11, cells: [null, null] },
            { row: first + 2, attempt: 2, time: 10, cells: [5, null] },
          ],
        ],
      ]),
    });
    expect(found.get('b')).toEqual({ highest: 1, steps: new Map() });
    expect(found.get('c')?.steps.get(1)).toMatchObject([{ cells: [null, null] }]);
    expect(found.has('nobody')).toBe(false);
    expect((await store.engine.rowsAtSteps('t', asked, ['age'], 2)).get('a')?.steps.get(1)).toHaveLength(2);
    expect(await store.engine.rowsAtSteps('none', asked, ['age'], 10)).toEqual(new Map());
  });

  it('reads of a metric of rows the last point of each step, and others as they are', async () => {
    const metrics = ['age', 'age', 'age', 'loss', 'loss'];
    const at = { metrics, times: [5, 5, 7, 5, 6], values: [1, 2, 3, 4, 5] };
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [0, 0, 1, 0, 0], at)]);
    const scopes = [{ run: 'a', rowMetrics: ['age'] }];
    const position = await store.engine.position();
    const query: SeriesQuery = {
      scopes,
      metrics: ['age', 'loss'],
      x: 'time',
      maxPoints: 100,
      reduce: 'none',
      everyAttempt: false,
      position,
    };
    const values = async (partial: Partial<SeriesQuery> = {}) =>
      Object.fromEntries(
        (await store.engine.series({ ...query, ...partial })).series.map(({ metric, value }) => [metric, value]),
      );
    const expected = { age: [2, 3], loss: [4, 5] };
    expect(await values()).toEqual(expected);
    expect(await values({ reduce: 'extremes' })).toEqual(expected);
    expect(await values({ everyAttempt: true })).toEqual(expected);
    expect(await values({ times: { from: 6 } })).toEqual({ age: [3], loss: [5] });
    expect(await values({ x: 'step', metrics: ['age'] })).toEqual({ age: [2, 3] });
    const [scope = { run: 'a' }] = scopes;
    const { series } = await store.engine.timeSeries({
      wanted: [{ scope, metric: 'age' }],
      times: { from: 0, to: 10 },
      position,
      limit: 10,
    });
    expect(series.map(({ time, value }) => [[...time], [...value]])).toEqual([
      [
        [5, 7],
        [2, 3],
      ],
    ]);
    expect(await store.engine.metricSummaries(scopes, ['age', 'loss'])).toMatchObject([
      { name: 'age', points: 2, last: 3, min: 2 },
      { name: 'loss', points: 2, last: 5, min: 4 },
    ]);
  });
}
