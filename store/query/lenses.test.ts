import { LENSES } from '@rolloscope/contract';
import type { Lens, LoggedTable, Role, RowSelection, RowsRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

type Row = [prompt: string, response: string, reward: number | null, ...rest: unknown[]];
const table = (rows: Row[], ...more: LoggedTable['columns']): LoggedTable => ({
  columns: ['prompt', 'response', 'reward', ...more],
  rows,
});
const log = (run: string, byStep: Record<number, LoggedTable>) =>
  store.log(
    run,
    Object.entries(byStep).map(([step, rollouts]) => ({ step: Number(step), time: 1_000, tables: { rollouts } })),
  );
const select = (run: string, more: Partial<RowSelection> = {}) => ({ runs: [run], table: 'rollouts', ...more });
/** Responses of a lens, in its order. */
async function through(run: string, lens: Lens, more: Partial<RowsRequest> = {}): Promise<unknown[]> {
  const { rows } = await store.reader.rows(
    { ...select(run, more), lens, columns: ['response'], limit: 1_000 },
    FULL_ACCESS,
  );
  return rows.map(([response]) => response);
}
async function counts(run: string, more: Partial<RowSelection> = {}) {
  const { lenses = [] } = await store.reader.facets({ ...select(run, more), lenses: true }, FULL_ACCESS);
  return Object.fromEntries(lenses.map(({ lens, rows, needs }) => [lens, rows ?? needs]));
}

describe('lenses', () => {
  it('find the ends, ties with them, the farthest first', async () => {
    await log('ends', {
      1: table(Array.from({ length: 40 }, (_, i) => ['p', 'x'.repeat(i + 1), i < 4 ? -1 : i])),
    });
    expect((await through('ends', 'worst')).map((text) => String(text).length)).toEqual([1, 2, 3, 4]);
    expect((await through('ends', 'best')).map((text) => String(text).length)).toEqual([40, 39]);
    expect((await through('ends', 'longest')).map((text) => String(text).length)).toEqual([40, 39]);
    // Of what is left by a filter, not of the table.
    const filter = [{ column: 'reward', op: 'lt' as const, value: 10 }];
    expect((await through('ends', 'best', { filter })).map((text) => String(text).length)).toEqual([10]);
    expect(await counts('ends')).toMatchObject({ newest: 40, worst: 4, best: 2, longest: 2, duplicates: 0 });
  });

  it('look at any table, whatever types the columns have that they look at', async () => {
    const names = [
      'correct',
      'truncated',
      'groupId',
      'promptHash',
      'chars',
      'repetition',
      'thinkClosed',
      'duplicateOf',
    ];
    const cells = ['"', 'true', 1, 'NaN', false, null, { toString: 1 }, ['x'], 'e'];
    const runs = cells.map((_, i) => `odd-${i}`);
    for (const [i, run] of runs.entries()) {
      const rows = cells.map(
        (_, r): Row => [
          cells[(i + r) % 9] as string,
          `r${r}`,
          cells[(i + r + 1) % 9] as number,
          ...names.map((_, c) => cells[(i + c) % cells.length]),
        ],
      );
      await log(run, { 1: table(rows.slice(0, i + 1), ...names), 2: table(rows, ...names) });
    }
    const roles = Object.fromEntries(
      ['prompt', 'reward', 'correct', 'truncated', 'groupId'].map((name) => [name, name as Role]),
    );
    const of = (chosen: string[]) => ({ runs: chosen, table: 'rollouts', roles });
    for (const chosen of [...runs.map((run) => [run]), runs.slice(0, 2), runs.slice(2, 5), runs]) {
      const { lenses = [] } = await store.reader.facets({ ...of(chosen), lenses: true }, FULL_ACCESS);
      expect(lenses.length, chosen.join()).toBe(LENSES.length);
      for (const { lens } of lenses.filter(({ rows }) => rows !== undefined)) {
        const page = { ...of(chosen), lens, limit: 5 };
        expect((await store.reader.rows(page, FULL_ACCESS)).total).toBeGreaterThanOrEqual(0);
      }
      await store.reader.groups({ ...of(chosen) }, FULL_ACCESS);
      for (const column of names) {
        await store.reader.distribution({ ...of(chosen), column }, FULL_ACCESS);
      }
    }
  });

  it('bring the latest step by group, and let an order of the request win', async () => {
    await log('newest', {
      1: table([['p', 'old', 0]]),
      2: table([
        ['p', 'good', 1],
        ['q', 'other', 0.5],
        ['p', 'bad', 0],
      ]),
    });
    const all = await through('newest', 'newest');
    expect(all.at(-1)).toBe('old');
    expect(all.indexOf('good')).toBe(all.indexOf('bad') + 1);
    const orderBy = [{ column: 'reward', direction: 'desc' as const }];
    expect(await through('newest', 'newest', { orderBy })).toEqual(['good', 'other', 'old', 'bad']);
  });

  it('find the groups that spread most, never one of equal rewards', async () => {
    await log('spread', {
      1: table([
        ['same', 'a', 1],
        ['same', 'b', 1],
        ['wide', 'c', 1],
        ['wide', 'd', 0],
        ['little', 'e', 0.5],
        ['little', 'f', 0.6],
        ['alone', 'g', 9],
      ]),
    });
    expect(await through('spread', 'spread')).toEqual(['d', 'c']);
  });

  it('take a NaN for neither right nor wrong, nor for a truncated response', async () => {
    const judged = (rows: Row[]) => table(rows, 'correct', 'truncated');
    await log('neither', {
      1: judged([
        ['p', 'p1 right', 0, 1, 0],
        ['q', 'q1 wrong', 0, 0, 0],
      ]),
      2: judged([
        ['p', 'p2 neither', 0, 'NaN', 'NaN'],
        ['q', 'q2 neither', 0, 'NaN', 'NaN'],
      ]),
      3: judged([
        ['p', 'p3 wrong', 0, 0, 1],
        ['q', 'q3 right', 0, 1, 0],
      ]),
    });
    expect(await through('neither', 'newlyWrong')).toEqual(['p3 wrong']);
    expect(await through('neither', 'newlyRight')).toEqual(['q3 right']);
    expect(await through('neither', 'truncated')).toEqual(['p3 wrong']);
  });

  it('find what is newly wrong and newly right since the prompt was last asked', async () => {
    await log('change', {
      1: table([
        ['p', 'p1', 1],
        ['q', 'q1', 0],
        ['r', 'r1', 1],
      ]),
      2: table([['r', 'r2', 1]]),
      3: table([
        ['p', 'p3 wrong', 0],
        ['p', 'p3 still right', 1],
        ['p', 'p3 wrong too', 0.2],
        ['q', 'q3', 1],
        ['r', 'r3', 0],
        ['new', 'n3', 0],
      ]),
    });
    const steps = { from: 3, to: 3 };
    expect((await through('change', 'newlyWrong', { steps })).toSorted()).toEqual(['p3 wrong', 'p3 wrong too', 'r3']);
    expect(await through('change', 'newlyRight', { steps })).toEqual(['q3']);
    expect(await counts('change', { version: 'latest' })).toMatchObject({
      newlyWrong: 3,
      newlyRight: 1,
      baselineWrong: 'a baseline of the run',
    });
  });

  it('compare the steps that are chosen one by one', async () => {
    await log('chosen', {
      1: table([
        ['p', 'p1', 1],
        ['q', 'q1', 1],
      ]),
      2: table([
        ['p', 'p2', 0],
        ['q', 'q2', 1],
      ]),
      3: table([
        ['p', 'p3', 0],
        ['q', 'q3', 0],
      ]),
    });
    expect(await through('chosen', 'newlyWrong', { steps: { from: 3, to: 3 } })).toEqual(['q3']);
    const filter = [{ column: 'step', op: 'in' as const, value: [1, 3] }];
    expect((await through('chosen', 'newlyWrong', { filter })).toSorted()).toEqual(['p3', 'q3']);
  });

  it('compare with the baseline at the same step or the last one before', async () => {
    await log('base', { 1: table([['p', 'b', 1]]), 2: table([['p', 'b', 0]]), 5: table([['p', 'b', 1]]) });
    await log('against', { 1: table([['p', 'a1', 0]]), 3: table([['p', 'a3', 0]]), 4: table([['p', 'a4', 1]]) });
    await store.writer.putRun('against', { project: 'p', baseline: 'base' }, FULL_ACCESS);
    expect(await through('against', 'baselineWrong')).toEqual(['a1']);
    expect(await through('against', 'baselineRight')).toEqual(['a4']);
  });

  it('go by the role correct where there is one, whatever type it has', async () => {
    for (const [run, yes, no] of [
      ['bool', true, false],
      ['number', 1, 0],
      ['text', 'True', 'False'],
    ] as const) {
      await log(`correct ${run}`, {
        1: table([['p', 'before', 0, yes]], 'correct'),
        2: table([['p', 'after', 9, no]], 'correct'),
      });
      expect(await through(`correct ${run}`, 'newlyWrong'), run).toEqual(['after']);
    }
  });

  it('take corrected roles', async () => {
    await log('roles', {
      1: table(
        [
          ['p', 'low', 1, -5],
          ['p', 'high', 0, 5],
        ],
        'points',
      ),
    });
    const roles = { points: 'reward' } as const;
    expect(await through('roles', 'best', { roles })).toEqual(['high']);
    const { columns } = await store.reader.rows({ ...select('roles'), roles }, FULL_ACCESS);
    expect(columns.filter(({ role }) => role === 'reward').map(({ name }) => name)).toEqual(['points']);
    expect(await counts('roles', { roles: { reward: null } })).toMatchObject({
      worst: 'a column in the role reward, or correct',
    });
    await expect(through('roles', 'best', { roles: { nothing: 'reward' } })).rejects.toMatchObject({
      code: 'unknown_column',
    });
  });

  it('find reward functions that disagree, each on its own scale', async () => {
    const columns = ['reward_format', 'reward_answer'];
    await log('parts', {
      1: table(
        [
          ['p', 'both', 1, 0.1, 2],
          ['p', 'neither', 0, 0, 0],
          ['p', 'format only', 0, 0.1, 0],
          ['p', 'nothing logged', 0, null, null],
          ['p', 'half', 0, 0.05, 2],
        ],
        ...columns,
      ),
    });
    expect(await through('parts', 'disagree')).toEqual(['format only']);
    await expect(through('ends', 'disagree')).rejects.toMatchObject({ code: 'unknown_column' });
  });

  it('find what is cut short, repeats itself, or was said before', async () => {
    const again = 'one two three four five six seven eight '.repeat(5);
    await log('texts', {
      1: table(
        [
          ['p', 'fine', 1, false],
          ['p', '<think> never closed, and longer', 1, null],
          ['p', 'cut', 1, true],
          ['p', again, 0, false],
          ['p', 'fine', 1, false],
          ['q', 'fine', 1, false],
          ['p', 'fine', 1, false],
          ['p', 'cut', 1, false],
        ],
        'truncated',
      ),
    });
    expect(await through('texts', 'truncated')).toEqual(['<think> never closed, and longer', 'cut']);
    expect(await through('texts', 'repetitive')).toEqual([again]);
    expect(await through('texts', 'duplicates')).toEqual(['fine', 'fine', 'cut']);
    expect(await counts('texts')).toMatchObject({ truncated: 2, repetitive: 1, duplicates: 3 });
  });

  it('agree between page, count, groups and export, with a search in the way', async () => {
    const search = 'i';
    const lens = 'duplicates' as const;
    const page = await store.reader.rows({ ...select('texts'), search, lens }, FULL_ACCESS);
    const { total } = await store.reader.facets({ ...select('texts'), search, lens }, FULL_ACCESS);
    const { groups } = await store.reader.groups({ ...select('texts'), search, lens }, FULL_ACCESS);
    const exported = await store.reader.openExport({ ...select('texts'), search, lens, format: 'csv' }, FULL_ACCESS);
    expect([page.total, total, groups.reduce((sum, { n }) => sum + n, 0), exported.total]).toEqual([2, 2, 2, 2]);
    const byRun = [{ column: 'run', direction: 'asc' as const }];
    expect((await store.reader.rows({ ...select('texts'), lens, orderBy: byRun }, FULL_ACCESS)).total).toBe(3);
  });
});

describe('the spread of groups', () => {
  it('is told beside a page, over all that was logged, exactly 0 for equal rewards', async () => {
    await log('spreads', {
      1: table([
        ['p', 'a', 0.1],
        ['p', 'b', 0.1],
        ['p', 'c', 0.1],
        ['q', 'd', 0],
        ['q', 'e', 1],
        ['alone', 'f', 1],
        ['q', 'without a reward', null],
      ]),
      2: table([['p', 'another step', 5]]),
    });
    const page = await store.reader.rows(
      { ...select('spreads'), groupSpread: true, filter: [{ column: 'response', op: 'ne', value: 'e' }] },
      FULL_ACCESS,
    );
    expect(page.groupSpread).toEqual([0, 0, 0, 0.5, null, 0.5, null]);
    expect((await store.reader.rows(select('spreads'), FULL_ACCESS)).groupSpread).toBeUndefined();
  });
});

describe('facets', () => {
  it('find values by a text in any case, as conditions do', async () => {
    await log('cases', {
      1: table([
        ['ΛΟΓΟΣ', 'a', 1],
        ['ſtop', 'b', 1],
        ['other', 'c', 1],
      ]),
    });
    const found = async (q: string) => {
      const { columns } = await store.reader.facets({ ...select('cases'), columns: ['prompt'], q }, FULL_ACCESS);
      return columns[0]?.values.map(({ value }) => value);
    };
    expect([await found('λογος'), await found('STOP')]).toEqual([['ΛΟΓΟΣ'], ['ſtop']]);
  });

  it('count the values of columns, those of the row among them', async () => {
    const long = 'z'.repeat(300);
    await log('facets', {
      1: table(
        [
          ['p', 'a', 1, { x: 1 }],
          ['p', 'b', null, null],
          ['q', long, 1, { x: 1 }],
        ],
        'meta',
      ),
      2: table([['p', 'Ab', 3, null]], 'meta'),
    });
    const ask = async (columns: string[], more: object = {}) =>
      (await store.reader.facets({ ...select('facets'), columns, ...more }, FULL_ACCESS)).columns;
    expect(await ask(['reward', 'prompt', 'meta'])).toEqual([
      {
        name: 'reward',
        nulls: 1,
        distinct: 2,
        min: 1,
        max: 3,
        values: [
          { value: 1, rows: 2 },
          { value: 3, rows: 1 },
        ],
      },
      {
        name: 'prompt',
        nulls: 0,
        distinct: 2,
        values: [
          { value: 'p', rows: 3 },
          { value: 'q', rows: 1 },
        ],
      },
      { name: 'meta', nulls: 2, distinct: 1, values: [{ value: { x: 1 }, rows: 2 }] },
    ]);
    expect(await ask(['run', 'step'], { values: 1 })).toEqual([
      { name: 'run', nulls: 0, distinct: 1, values: [{ value: 'facets', rows: 4 }] },
      { name: 'step', nulls: 0, distinct: 2, min: 1, max: 2, values: [{ value: 1, rows: 3 }] },
    ]);
    // A text that is only kept in part beside its row is not told as a value.
    expect((await ask(['response'], { q: 'A' }))[0]?.values.map(({ value }) => value)).toEqual(['Ab', 'a']);
    expect((await ask(['response']))[0]).toMatchObject({ distinct: 4, values: { length: 3 } });
    await expect(ask(['nothing'])).rejects.toMatchObject({ code: 'unknown_column' });
  });
});

it.each([
  ['correct', [true, false, true]],
  ['acc', [1, 0, 1]],
  ['accuracy', ['True', 'False', 'True']],
])('reads how good rollouts were of %s where nothing is a reward', async (name, cells) => {
  const run = `scored by ${name}`;
  const rows = cells.map((cell, i) => ['p', `r${i}`, cell]);
  await store.log(run, [{ step: 1, tables: { t: { columns: ['prompt', 'response', name], rows } } }]);
  const selection = { runs: [run], table: 't' };
  const lens = async (worst: Lens) =>
    (await store.reader.rows({ ...selection, lens: worst, columns: ['response'] }, FULL_ACCESS)).rows.flat();
  expect(await lens('worst')).toEqual(['r1']);
  expect(await lens('best')).toEqual(['r0', 'r2']);
  expect(await lens('spread')).toEqual(['r1', 'r0', 'r2']);
  const { groups } = await store.reader.groups(selection, FULL_ACCESS);
  expect(groups.map(({ n, mean, min, max }) => [n, mean, min, max])).toEqual([[3, 2 / 3, 0, 1]]);
});
