import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import { ALONE, type EngineUnderTest } from './EngineUnderTest';

/** Tests that values are given back as they came. */
export function valuesConformance(store: EngineUnderTest): void {
  it('gives every text back to the byte', async () => {
    const hostile = [
      '',
      '\u0000',
      'a\u0000b',
      '\ufeffbom',
      '\ufffd',
      'é\u0301',
      '👩‍👩‍👧',
      "'; DROP TABLE runs --",
      '\r\n\t',
    ];
    const long = ['x'.repeat(256), '👍'.repeat(256), '👍'.repeat(257), `${'y'.repeat(255)}👍z`, '\u0000'.repeat(5_000)];
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', [...hostile, ...long])]);
    expect(await store.texts('a')).toEqual([...hostile, ...long]);
    await store.engine.upkeep(ALONE);
    await store.reopen();
    expect(await store.texts('a')).toEqual([...hostile, ...long]);
  });

  it('keeps numbers as they are', async () => {
    const values = [0.1, -2.5, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 60];
    const many = values.map((_, i) => i);
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', many, { values, metrics: many.map((i) => `m${i}`) }),
    ]);
    const latest = [...((await store.engine.latestPoints())[0]?.points() ?? [])].map(([metric, { value }]) => [
      metric,
      value,
    ]);
    expect(latest.map(([metric]) => metric)).toEqual(many.map((i) => `m${i}`));
    expect(latest.every(([, value], i) => Object.is(value, values[i]))).toBe(true);
  });

  it('takes any name for a run, a metric, a table and a column', async () => {
    const names = ['__proto__', 'constructor', 'select "x"', 'ä/ö', '\u0000', 'Loss', 'loss', ' '];
    for (const one of names) {
      await store.commit([
        { kind: 'run', run: createRun(one) },
        createPoints(one, [1], { metrics: [one] }),
        createRows(one, ['x'], { table: one, columns: [{ name: one, type: 'string', origin: 'logged' }] }),
      ]);
    }
    await store.reopen();
    expect((await store.engine.loadRuns()).map(({ id }) => id)).toEqual(names);
    const latest = await store.engine.latestPoints();
    expect(latest.map(({ run, count, points }) => [run, count, ...points().keys()])).toEqual(
      names.map((n) => [n, 1, n]),
    );
    const columns = await Promise.all(names.map((one) => store.engine.tableColumns([one], one)));
    expect(columns.map((all) => all.map(({ name: column }) => column))).toEqual(names.map((one) => [one]));
  });
}
