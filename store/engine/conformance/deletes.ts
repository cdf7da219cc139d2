import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import { ALONE, type EngineUnderTest } from './EngineUnderTest';

/** Runs that go, with all that they had. */
export function deletesConformance(store: EngineUnderTest): void {
  it('deletes a run with all that it has, and what the same commit had for it before', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      createPoints('a', [1]),
      createRows('b', ['stays']),
    ]);
    const last = await store.engine.reserveRows(1);
    await store.commit([
      createPoints('a', [2]),
      createRows('a', ['x'.repeat(1_000)], { firstRow: last }),
      { kind: 'batch', run: 'a', batchId: 'b', time: 1, accepted: 1 },
      { kind: 'delete', run: 'a' },
      { kind: 'run', run: createRun('a') },
      createPoints('a', [9]),
    ]);
    expect(await store.steps('a')).toEqual([9]);
    expect(await store.texts('a')).toEqual([]);
    expect(await store.texts('b')).toEqual(['stays']);
    expect(await store.engine.findBatches([{ run: 'a', batchId: 'b' }])).toEqual(new Map());
    const batches: string[] = [];
    await store.engine.batchIds(['a'], (_, batchId) => batches.push(batchId));
    expect(batches).toEqual([]);
    const position = await store.engine.position();
    await store.commit([{ kind: 'delete', run: 'a' }]);
    await store.reopen();
    expect((await store.engine.loadRuns()).map(({ id }) => id)).toEqual(['b']);
    // No row and no position is given out twice, though the rows that had them are gone.
    expect(await store.engine.reserveRows(1)).toBeGreaterThan(last);
    expect(await store.engine.position()).toBeGreaterThan(position);
  });

  it('reads nothing of a run that is gone since it was chosen, resumed or not', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x']), createPoints('a', [1])]);
    const effective = { spans: [{ attempt: 1, from: null, to: null }], sharedSteps: [1] };
    for (const scopes of [
      [{ run: 'gone', effective }],
      [
        { run: 'a', effective },
        { run: 'gone', effective },
      ],
    ]) {
      const isThere = scopes.length - 1;
      const query = { scopes, table: 't', latest: true, position: await store.engine.position() };
      expect(await store.engine.countRows(query)).toBe(isThere);
      expect(await store.engine.tableSummaries(scopes)).toHaveLength(isThere);
      expect(await store.engine.metricSummaries(scopes, ['loss'])).toHaveLength(isThere);
      const series = {
        scopes,
        metrics: ['loss'],
        x: 'step',
        reduce: 'none',
        maxPoints: 9,
        everyAttempt: false,
      } as const;
      expect(
        (await store.engine.series({ ...series, metrics: ['loss'], position: await store.engine.position() })).series,
      ).toHaveLength(isThere);
    }
  });

  it('gives disk back after a delete', async () => {
    const noise = () => Array.from({ length: 40 }, () => Math.random().toString(36)).join('');
    const many = Array.from({ length: 40_000 }, noise);
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', many)]);
    await store.commit([{ kind: 'run', run: createRun('b') }, createRows('b', ['stays'])]);
    await store.engine.upkeep(ALONE);
    const full = (await store.engine.size()).bytes;
    await store.commit([{ kind: 'delete', run: 'a' }]);
    const reading = store.texts('b');
    for (let tries = 0; tries < 20 && (await store.engine.size()).bytes >= full / 2; tries++) {
      await store.engine.upkeep(ALONE);
    }
    expect((await store.engine.size()).bytes).toBeLessThan(full / 2);
    expect(await reading).toEqual(['stays']);
    await store.commit([createRows('b', ['more'])]);
    await store.reopen();
    expect(await store.texts('b')).toEqual(['stays', 'more']);
  });
}
