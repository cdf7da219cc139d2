import { LENSES, type Lens, POLICY_AGE } from '@rolloscope/contract';
import { expect, it } from 'vitest';
import type { LensQuery } from '../EngineReads';
import { createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Tests lenses, facets, distributions and groups of rows. */
export function lensesConformance(store: EngineUnderTest): void {
  it.each<[Lens, string]>([
    ['newest', 'cedab'],
    ['worst', 'b'],
    ['best', 'a'],
    ['spread', 'ed'],
    ['newlyWrong', 'c'],
    ['newlyRight', 'ed'],
    ['baselineWrong', 'b'],
    ['baselineRight', 'a'],
    ['disagree', 'c'],
    ['truncated', 'd'],
    ['repetitive', 'cd'],
    ['duplicates', 'd'],
    ['longest', 'd'],
    ['stalest', 'd'],
  ])('the lens %s leaves %j, in its order', async (name, found) => {
    await logRollouts(store);
    const query = await store.query('a', { lens: lens(name) });
    const page = await store.engine.rows(query, { columns: ['key'], orderBy: [], offset: 0, limit: 100 });
    expect(page.rows.flat().join('')).toBe(found);
    expect(page.total).toBe(found.length);
  });

  it('counts what every lens would leave, and what a selection can be narrowed by', async () => {
    await logRollouts(store);
    const query = await store.query('a');
    const facets = await store.engine.facets(query, {
      columns: ['promptHash', 'reward', 'truncated'],
      values: 10,
      lenses: LENSES.map(lens),
    });
    expect(facets.total).toBe(5);
    const counts = Object.fromEntries(LENSES.map((name, i) => [name, facets.lenses[i]]));
    expect(counts).toMatchObject({ newest: 5, worst: 1, spread: 2, newlyRight: 2, repetitive: 2, stalest: 1 });
    expect(facets.columns).toMatchObject([
      {
        nulls: 0,
        distinct: 2,
        values: [
          { value: 'q', rows: 3 },
          { value: 'p', rows: 2 },
        ],
      },
      { nulls: 0, distinct: 5, min: 0, max: 1 },
      { distinct: 2 },
    ]);
    const like = await store.engine.facets(query, { columns: ['promptHash'], values: 10, like: 'P', lenses: [] });
    expect(like.columns[0]?.values).toEqual([{ value: 'p', rows: 2 }]);
  });

  it('counts a column by step, and two against each other', async () => {
    await logRollouts(store);
    const query = await store.query('a');
    const { edges, steps, total } = await store.engine.histogram(query, 'reward', 4);
    expect([edges[0], edges.at(-1), edges.length, total]).toEqual([0, 1, 5, 5]);
    expect(steps.map(({ from, to, n, min, max, counts }) => [from, to, n, min, max, counts])).toEqual([
      [1, 1, 2, 0, 1, [1, 0, 0, 1]],
      [2, 2, 3, 0.2, 0.9, [1, 0, 0, 2]],
    ]);
    const grid = await store.engine.grid(query, 'reward', 'chars', 2, 2);
    expect(grid.total).toBe(5);
    expect(grid.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(5);
    expect([grid.edges.length, grid.byEdges.length]).toEqual([3, 3]);
  });

  it('tells of each prompt how its rollouts did, and of each row how far its group is spread', async () => {
    await logRollouts(store);
    const query = await store.query('a');
    const groups = await store.engine.groups(query, { reward: 'reward' });
    const { rows } = await store.engine.rowNumbers(query, []);
    expect(groups.map(({ key, n, min, max, best, worst, first }) => [key, n, min, max, best, worst, first])).toEqual([
      ['p', 2, 0.2, 1, rows[0], rows[2], rows[0]],
      ['q', 3, 0, 0.9, rows[3], rows[1], rows[1]],
    ]);
    expect(groups[0]?.mean).toBeCloseTo(0.6);
    const page = await store.engine.rows(query, {
      ...{ columns: ['key'], orderBy: [], offset: 0, limit: 10 },
      groupSpread: lens('spread').columns,
    });
    const spreads = [null, null, null, 5, 5];
    expect(page.groupSpread?.map((spread) => (spread === null ? null : Math.round(spread * 100)))).toEqual(spreads);
  });
}

const lens = (name: Lens): LensQuery => ({
  name,
  columns: { reward: 'reward', truncated: 'truncated', parts: ['partA', 'partB'] },
  baselines: [{ run: 'a', scope: { run: 'base' } }],
});

/** Logs five rollouts, called a to e, of the prompts p and q at two steps; and those of a baseline. */
async function logRollouts(store: EngineUnderTest): Promise<void> {
  const names = ['partA', 'partB', 'repetition', 'chars', POLICY_AGE];
  const columns = [
    { name: 'key', type: 'string', origin: 'logged' },
    { name: 'promptHash', type: 'string', origin: 'derived' },
    { name: 'reward', type: 'number', origin: 'logged' },
    { name: 'truncated', type: 'boolean', origin: 'logged' },
    { name: 'duplicateOf', type: 'string', origin: 'derived' },
    ...names.map((name) => ({ name, type: 'number', origin: 'logged' }) as const),
  ] as const;
  const atStep = (run: string, step: number, rows: unknown[][]) =>
    createRows(run, [], {
      entryStep: step,
      columns: [...columns],
      steps: rows.map(() => step),
      times: rows.map(() => step),
      cells: columns.map((_, c) => rows.map((row) => row[c] ?? null)),
    });
  await store.commit([
    { kind: 'run', run: createRun('a') },
    { kind: 'run', run: createRun('base') },
    atStep('a', 1, [
      ['a', 'p', 1, false, null, 0, 0, 0.1, 10, 0],
      ['b', 'q', 0, false, null, 1, 1, 0, 20, 0],
    ]),
    atStep('a', 2, [
      ['c', 'p', 0.2, false, null, 0, 1, 0.5, 30, 1],
      ['d', 'q', 0.9, true, 'x', 0.5, 0.5, 0.3, 400, 2],
      ['e', 'q', 0.8, false, null, 1, 1, 0, 50, 0],
    ]),
    atStep('base', 1, [
      ['x', 'p', 0],
      ['y', 'q', 1],
    ]),
  ]);
}
