import { expect, it } from 'vitest';
import { createPoints, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Tests curves: by step or time, reduced, joined by group. */
export function seriesConformance(store: EngineUnderTest): void {
  it('gives points in the order of their steps, or times, within ranges', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [3, 1, 2, 5, 4])]);
    expect(await store.steps('a')).toEqual([1, 2, 3, 4, 5]);
    expect(await store.steps('a', { steps: { from: 2, to: 4 } })).toEqual([2, 3, 4]);
    expect(await store.steps('a', { times: { from: 1_004 } })).toEqual([4, 5]);
    expect(await store.steps('a', { x: 'time', times: { to: 1_002 } })).toEqual([1, 2]);
    const [one] = await store.series('a');
    expect(one).toMatchObject({ run: 'a', metric: 'loss', totalPoints: 5, value: [0.5, 1, 1.5, 2, 2.5] });
    expect(await store.series('nobody')).toEqual([]);
    expect(await store.series('a', { metrics: ['none'] })).toEqual([]);
  });

  it('keeps points without a step where it is asked by time, and only the last of a step', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a', { rewritten: true }) },
      { ...createPoints('a', [1, 1, 2], { values: [1, 2, 3] }), steps: [1, 1, 2] },
      { ...createPoints('a', [9], { metrics: ['host'], values: [7] }), steps: [null] },
    ]);
    const effective = { spans: [{ attempt: 1, from: null, to: null }], sharedSteps: [] };
    const [loss] = await store.series([{ run: 'a', effective }]);
    expect([loss?.step, loss?.value]).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(await store.series('a', { metrics: ['host'], x: 'time' })).toMatchObject([{ step: [null], value: [7] }]);
  });

  it('reduces to logged points that keep the first, the lowest, the highest and the last', async () => {
    const steps = Array.from({ length: 512 }, (_, i) => i);
    const values = steps.map((step) =>
      step === 100 ? -5 : step === 300 ? 50 : step === 301 ? Number.NaN : Math.sin(step),
    );
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', steps, { values })]);
    for (const x of ['step', 'time'] as const) {
      const [one] = await store.series('a', { reduce: 'extremes', maxPoints: 40, x });
      const found = one?.step ?? [];
      expect(found.length).toBeLessThan(120);
      expect(found).toEqual(expect.arrayContaining([0, 100, 300, 301, 511]));
      expect(found).toEqual(found.toSorted((a, b) => Number(a) - Number(b)));
      expect(one?.value).toEqual(found.map((step) => values[Number(step)]));
      expect(one?.totalPoints).toBe(512);
    }
    const [last] = await store.series('a', { reduce: 'last', maxPoints: 32 });
    expect(last?.step.every((step) => Number(step) % 16 === 15)).toBe(true);
    expect(last?.step).toHaveLength(32);
  });

  it('gives means of buckets that are anchored at 0', async () => {
    const steps = Array.from({ length: 64 }, (_, i) => i);
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', steps, { values: steps })]);
    const [mean] = await store.series('a', { reduce: 'mean', maxPoints: 8 });
    expect(mean?.value).toEqual([3.5, 11.5, 19.5, 27.5, 35.5, 43.5, 51.5, 59.5]);
    const [later] = await store.series('a', { reduce: 'mean', maxPoints: 8, steps: { from: 8 } });
    expect(later?.value).toEqual(mean?.value.slice(1));
  });

  it('gives points at steps at which another metric has one, too', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1, 2, 3, 4]),
      createPoints('a', [2, 4, 6], { metrics: ['x', 'x', 'x'] }),
    ]);
    expect(await store.steps('a', { at: 'x' })).toEqual([2, 4]);
  });

  it('joins the members of a group by step into mean and spread', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      createPoints('a', [1, 2], { values: [1, 4] }),
      createPoints('b', [1, 3], { values: [3, 8] }),
    ]);
    const groups = new Map([
      ['a', 'g'],
      ['b', 'g'],
    ]);
    const [one, ...more] = await store.series([{ run: 'a' }, { run: 'b' }], { groups });
    expect(more).toEqual([]);
    expect([one?.group, one?.step, one?.value]).toEqual(['g', [1, 2, 3], [2, 4, 8]]);
    expect(one?.spread).toHaveLength(3);
    expect(one?.spread?.[0]).toBeGreaterThan(0);
  });

  it('gives only what came since, and asks for a whole read where buckets became wider', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1, 2])]);
    const since = await store.engine.position();
    expect(await store.series('a', { since })).toEqual([]);
    await store.commit([createPoints('a', [3, 4])]);
    expect((await store.steps('a', { since })).filter((step) => Number(step) > 2)).toEqual([3, 4]);
    const many = Array.from({ length: 2_000 }, (_, i) => 5 + i);
    await store.commit([createPoints('a', many)]);
    const asked = { metrics: ['loss'], x: 'step', everyAttempt: false, maxPoints: 40, reduce: 'extremes' } as const;
    const position = await store.engine.position();
    const { reset } = await store.engine.series({
      ...asked,
      metrics: ['loss'],
      scopes: [{ run: 'a' }],
      since,
      position,
    });
    expect(reset).toBe(true);
  });

  it('gives series by wall time, aggregated by buckets, and says where that is too much', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [0, 1, 2, 3, 4], {
        times: [1_000, 1_010, 1_020, 1_030, 1_030],
        values: [1, 3, Number.NaN, 5, 7],
      }),
    ]);
    const read = async (asked: Partial<Parameters<typeof store.engine.timeSeries>[0]>) =>
      store.engine.timeSeries({
        wanted: [{ scope: { run: 'a' }, metric: 'loss' }],
        times: { from: 1_000, to: 2_000 },
        position: await store.engine.position(),
        limit: 100,
        ...asked,
      });
    const plain = await read({});
    expect(plain.series.map(({ time, value }) => [[...time], [...value]])).toEqual([
      [
        [1_000, 1_010, 1_030],
        [1, 3, 7],
      ],
    ]);
    const values = async (aggregate: 'avg' | 'count' | 'max' | 'last' | { quantile: number }) =>
      (await read({ bucket: { width: 20, aggregate } })).series.map(({ value }) => [...value]);
    expect(await values('avg')).toEqual([[2, 6]]);
    expect(await values('count')).toEqual([[2, 2]]);
    expect(await values('max')).toEqual([[3, 7]]);
    expect(await values({ quantile: 0.5 })).toHaveLength(1);
    expect((await read({ read: 'step' })).series.map(({ value }) => [...value])).toEqual([[0, 1, 4]]);
    expect((await read({ limit: 2 })).tooMany).toBeGreaterThan(2);
    expect((await read({ wanted: [{ scope: { run: 'nobody' }, metric: 'loss' }] })).series).toEqual([]);
  });
}
