import { expect, it } from 'vitest';
import { createPoints, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** The newest points, and those that are there. */
export function pointsConformance(store: EngineUnderTest): void {
  it('knows the newest point of each metric: of the newest attempt, then by step, then the one that arrived last', async () => {
    const point = (metric: string, step: number | null, value: number, attempt = 1) => ({
      kind: 'points' as const,
      ...{ run: 'a', attempt, metrics: [metric], steps: [step], times: [value], values: [value] },
    });
    const points = [
      ...[point('late', 5, 1), point('late', 3, 2)],
      ...[point('again', 5, 1), point('again', 5, 2)],
      ...[point('back', 9, 1), point('back', 2, 2, 2), point('back', 3, 3, 2)],
      ...[point('older', 9, 1, 2), point('older', 20, 2, 1)],
      ...[point('host', null, 1), point('host', null, 2)],
      ...[point('mixed', 4, 1), point('mixed', null, 2)],
      ...[point('first', null, 1), point('first', -7, 2), point('first', null, 3)],
    ];
    const expected = { late: 1, again: 2, back: 3, older: 1, host: 2, mixed: 1, first: 2 };
    await store.commit([{ kind: 'run', run: createRun('a') }, ...points]);
    await store.commit([{ kind: 'run', run: createRun('b') }, createPoints('b', [2, 1])]);
    const [a, b] = await store.engine.latestPoints();
    expect([...(a?.points() ?? [])].map(([metric, { value }]) => [metric, value])).toEqual(Object.entries(expected));
    expect(a?.points().get('mixed')).toEqual({ attempt: 1, step: 4, time: 1, value: 1 });
    expect(a?.points().get('host')).toEqual({ attempt: 1, step: null, time: 2, value: 2 });
    expect([a?.count, b?.count, b?.points().get('loss')?.step]).toEqual([7, 1, 2]);
  });

  it('gives the newest points of a metric as they arrived, with their commits', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1, 2, 3, 4])]);
    const first = await store.engine.position();
    await store.commit([createPoints('a', [2, 3], { attempt: 2 }), createPoints('b', [9])]);
    const of = (...metrics: string[]) => metrics.map((metric) => ({ run: 'a', metric, count: 3 }));
    const newest = (await store.engine.newestPoints(of('loss', 'none'), await store.engine.position()))?.get('a');
    expect(newest?.map(({ attempt, step, position }) => [attempt, step, position - first])).toEqual([
      [1, 4, 0],
      [2, 2, 1],
      [2, 3, 1],
    ]);
    const earlier = await store.engine.newestPoints(of('loss'), first);
    expect(earlier?.get('a')?.map(({ step }) => step)).toEqual([2, 3, 4]);
    const none = [{ run: 'none', metric: 'loss', count: 3 }];
    expect(await store.engine.newestPoints(none, await store.engine.position())).toEqual(new Map());
    const both = [...of('loss'), { run: 'b', metric: 'loss', count: 1 }, ...none];
    const found = await store.engine.newestPoints(both, await store.engine.position(), 4);
    expect([...(found ?? [])].map(([run, points]) => [run, points.length])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(await store.engine.newestPoints(both, await store.engine.position(), 3)).toBeUndefined();
  });

  it('tells which of some points a run has, whatever else it has at their times', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1, 2, 3, 4], {
        times: [5, 5, 6, 7],
        values: [0.1, 1e-300, Number.NaN, Number.POSITIVE_INFINITY],
      }),
    ]);
    const asked = [
      [5, 0.1],
      [5, 1e-300],
      [5, 0.2],
      [6, Number.NaN],
      [7, Number.POSITIVE_INFINITY],
      [8, 0.1],
    ].map(([time = 0, value = 0]) => ({ metric: 'loss', time, value }));
    const others = [{ metric: 'other', time: 5, value: 0.1 }, ...asked];
    expect([...(await store.engine.knownPoints('a', others))].sort()).toEqual([1, 2, 4, 5]);
    expect(await store.engine.knownPoints('nobody', asked)).toEqual(new Set());
    expect(await store.engine.knownPoints('a', [])).toEqual(new Set());
    expect(await store.engine.metricRoom(['x', 'loss'])).toEqual({ names: 1, known: new Set(['loss']) });
  });
}
