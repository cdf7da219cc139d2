import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Runs that went back: what of them counts. */
export function attemptsConformance(store: EngineUnderTest): void {
  it('moves rows to a later attempt', async () => {
    const first = await store.engine.reserveRows(4);
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createRows('a', ['old'], { firstRow: first, entryStep: 5 }),
      createRows('a', ['early'], { firstRow: first + 1, entryStep: 4 }),
      createRows('a', ['late'], { firstRow: first + 2, entryStep: 6 }),
      createRows('a', ['moved'], { firstRow: first + 3, entryStep: 5 }),
      { kind: 'adopt', run: 'a', table: 't', attempt: 2, fromRow: first + 1, step: 5 },
    ]);
    expect(await store.engine.reached()).toEqual(
      expect.arrayContaining([
        { run: 'a', attempt: 1, step: 6, aboveZero: 4, time: 1_000 },
        { run: 'a', attempt: 2, step: 5, aboveZero: 5, time: 1_000 },
      ]),
    );
    const scopes = [{ run: 'a', effective: { spans: [{ attempt: 2, from: null, to: null }], sharedSteps: [] } }];
    const query = { scopes, table: 't', latest: false, position: await store.engine.position() };
    expect(await store.engine.countRows(query)).toBe(1);
  });

  it('moves rows of many runs at once, those of the same commit too, and not those that came after', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      createRows('a', ['stays', 'stays too'], { entryStep: 4 }),
      createRows('b', ['b stays', 'b moves'], { entryStep: 5 }),
      createRows('a', ['moves'], { entryStep: 5 }),
    ]);
    const first = await store.engine.reserveRows(6);
    const adopt = { kind: 'adopt' as const, table: 't', step: 5 };
    await store.commit([
      createRows('a', ['new stays', 'new moves'], { firstRow: first, entryStep: 5 }),
      createRows('a', ['lower step'], { firstRow: first + 2, entryStep: 4 }),
      createRows('a', ['higher step'], { firstRow: first + 3, entryStep: 6 }),
      { ...adopt, run: 'a', attempt: 2, fromRow: first - 1 },
      { ...adopt, run: 'b', attempt: 2, fromRow: first - 2 },
      createRows('a', ['of 2'], { firstRow: first + 4, attempt: 2, entryStep: 5 }),
      { ...adopt, run: 'a', attempt: 3, fromRow: first + 1 },
      createRows('a', ['of 3'], { firstRow: first + 5, attempt: 3, entryStep: 5 }),
    ]);
    const from = async (run: string, attempt: number) => {
      const scopes = [{ run, effective: { spans: [{ attempt, from: null, to: null }], sharedSteps: [] } }];
      const query = { scopes, table: 't', latest: false, position: await store.engine.position() };
      const page = await store.engine.rows(query, { columns: ['text'], orderBy: [], offset: 0, limit: 100 });
      return page.rows.map(([text]) => text);
    };
    const of = async (run: string, attempt: number) => {
      const later = await from(run, attempt + 1);
      return (await from(run, attempt)).filter((text) => !later.includes(text));
    };
    expect([await of('a', 1), await of('a', 2), await of('a', 3)]).toEqual([
      ['stays', 'stays too', 'lower step', 'higher step'],
      ['moves', 'new stays'],
      ['new moves', 'of 2', 'of 3'],
    ]);
    expect([await of('b', 1), await of('b', 2)]).toEqual([['b stays'], ['b moves']]);
  });

  it('reads what counts of a run that went back, or all of it', async () => {
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1, 2, 3, 4]),
      createPoints('a', [2, 3], { attempt: 2, values: [20, 30] }),
      createRows('a', ['old 2'], { entryStep: 2, steps: [2] }),
      createRows('a', ['old 4'], { entryStep: 4, steps: [4] }),
      createRows('a', ['new 2'], { attempt: 2, entryStep: 2, steps: [2] }),
    ]);
    const spans = [
      { attempt: 1, from: null, to: 1 },
      { attempt: 2, from: 2, to: null },
    ];
    const scopes = [{ run: 'a', effective: { spans, sharedSteps: [] } }];
    const [counts] = await store.series(scopes);
    expect([counts?.step, counts?.value]).toEqual([
      [1, 2, 3],
      [0.5, 20, 30],
    ]);
    expect(await store.texts(scopes)).toEqual(['new 2']);
    const all = await store.series('a', { everyAttempt: true });
    expect(all.map(({ attempt, step }) => [attempt, step])).toEqual([
      [1, [1, 2, 3, 4]],
      [2, [2, 3]],
    ]);
    const [reached] = (await store.engine.reached()).filter(({ attempt }) => attempt === 2);
    expect(reached).toMatchObject({ run: 'a', step: 3, aboveZero: 2 });
  });
}
