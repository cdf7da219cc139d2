import type { Filter, OrderBy } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import type { RowQuery } from '../EngineReads';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Pages of rows: filters, searches, orders, and rows by their numbers. */
export function rowsConformance(store: EngineUnderTest): void {
  it('adds columns as they come, and keeps a column of two types apart', async () => {
    const column = (name: string, type: 'number' | 'string') => [{ name, type, origin: 'logged' as const }];
    await store.commit([
      { kind: 'run', run: createRun('a') },
      { kind: 'run', run: createRun('b') },
      createRows('a', ['one']),
      createRows('a', [], { columns: column('v', 'number'), cells: [[1]], steps: [1], times: [1] }),
      createRows('b', ['text'], { columns: column('v', 'string') }),
    ]);
    expect((await store.engine.tableColumns(['a'], 't')).map(({ name: n, type }) => [n, type])).toEqual([
      ['text', 'string'],
      ['v', 'number'],
    ]);
    expect(await store.engine.tableColumns(['b'], 't')).toMatchObject([{ name: 'v', type: 'string' }]);
    expect(await store.engine.tableColumns(['a', 'b'], 't')).toMatchObject([
      { name: 'text' },
      { name: 'v', type: 'json' },
    ]);
  });

  it('calls a run as the asker does: in answers, conditions and orders', async () => {
    const name = "it's \0 «a»";
    await store.commit([
      { kind: 'run', run: createRun('z~1') },
      { kind: 'run', run: createRun('n') },
      createPoints('z~1', [1]),
      createPoints('n', [1]),
      createRows('z~1', ['of z']),
      createRows('n', ['of n']),
    ]);
    const scopes = [{ run: 'z~1', as: name }, { run: 'n' }];
    const query = { scopes, table: 't', latest: false, position: await store.engine.position() };
    const rows = async (filter: Filter, direction: 'asc' | 'desc' = 'asc') => {
      const orderBy = [{ column: 'run', direction }];
      const page = { columns: ['run', 'text'], orderBy, offset: 0, limit: 10 };
      return (await store.engine.rows({ ...query, filter }, page)).rows;
    };
    const [ofZ, ofN] = [
      [name, 'of z'],
      ['n', 'of n'],
    ];
    expect(await rows([])).toEqual([ofZ, ofN]);
    expect(await rows([], 'desc')).toEqual([ofN, ofZ]);
    expect(await rows([{ column: 'run', op: 'eq', value: name }])).toEqual([ofZ]);
    expect(await rows([{ column: 'run', op: 'matches', value: '^it' }])).toEqual([ofZ]);
    expect(await rows([{ column: 'run', op: 'contains', value: '~' }])).toEqual([]);
    const { columns } = await store.engine.facets(query, { columns: ['run'], values: 10, like: 'IT', lenses: [] });
    expect(columns[0]?.values).toEqual([{ value: name, rows: 1 }]);
    const { rows: numbers } = await store.engine.rowNumbers(query, [{ column: 'run', direction: 'asc' }]);
    expect((await store.engine.rowsByNumber('t', scopes, numbers, ['run'])).rows).toEqual([[name], ['n']]);
    const asked = { scopes, metrics: ['loss'], x: 'step' as const, maxPoints: 10, everyAttempt: false };
    const { series } = await store.engine.series({ ...asked, reduce: 'none', position: await store.engine.position() });
    expect(series.map(({ run }) => run).sort()).toEqual([name, 'n'].sort());
  });

  it.each<[string, Filter]>([
    ['b', [{ column: 'reward', op: 'eq', value: 0.5 }]],
    ['d', [{ column: 'reward', op: 'eq', value: 'Infinity' }]],
    ['af', [{ column: 'reward', op: 'lt', value: 0.5 }]],
    ['abf', [{ column: 'reward', op: 'le', value: 0.5 }]],
    ['bde', [{ column: 'reward', op: 'gt', value: 0.1 }]],
    ['abde', [{ column: 'reward', op: 'ge', value: 0.1 }]],
    ['ae', [{ column: 'reward', op: 'in', value: [0.1, 0.9, 7] }]],
    ['c', [{ column: 'reward', op: 'isNull', value: true }]],
    ['abdef', [{ column: 'reward', op: 'isNull', value: false }]],
    ['adf', [{ column: 'ok', op: 'eq', value: true }]],
    ['acf', [{ column: 'text', op: 'contains', value: 'ALPHA' }]],
    ['a', [{ column: 'text', op: 'matches', value: '^[ab]' }]],
    ['e', [{ column: 'meta', op: 'eq', value: { a: 2 } }]],
    ['cdef', [{ column: 'step', op: 'ge', value: 2 }]],
    ['abc', [{ column: 'time', op: 'lt', value: 2_002 }]],
    ['abcdef', [{ column: 'run', op: 'eq', value: 'a' }]],
    ['', [{ column: 'run', op: 'eq', value: 'b' }]],
    [
      'a',
      [
        { column: 'text', op: 'contains', value: 'alpha' },
        { column: 'reward', op: 'gt', value: 0 },
      ],
    ],
    [
      'bf',
      [
        {
          anyOf: [
            { column: 'reward', op: 'eq', value: 0.5 },
            { column: 'reward', op: 'lt', value: 0 },
          ],
        },
      ],
    ],
  ])('finds %j by %j', async (found, filter) => {
    await logSix(store);
    expect(await keys(store, { filter })).toBe(found);
    expect(await store.engine.countRows(await store.query('a', { filter }))).toBe(found.length);
  });

  it.each<[string, NonNullable<RowQuery['search']>]>([
    ['acf', { text: 'alpha', mode: 'plain' }],
    ['ac', { text: 'alpha', mode: 'plain', case: true }],
    ['acf', { text: 'alpha', mode: 'word' }],
    ['', { text: 'alph', mode: 'word' }],
    ['acef', { text: 'a$', mode: 'regex' }],
    ['', { text: 'alpha', mode: 'plain', columns: ['key'] }],
    ['', { text: '%', mode: 'plain' }],
  ])('finds %j by the search %j', async (found, search) => {
    await logSix(store);
    expect(await keys(store, { search })).toBe(found);
  });

  it('finds rows by steps and times, and those of the latest version', async () => {
    await logSix(store);
    expect(await keys(store, { steps: { from: 2, to: 2 } })).toBe('cd');
    expect(await keys(store, { times: { from: 1_002, to: 2_001 } })).toBe('bc');
    expect(await keys(store, { latest: true })).toBe('ef');
  });

  it.each<[string, OrderBy]>([
    ['fabedc', [{ column: 'reward', direction: 'asc' }]],
    ['debafc', [{ column: 'reward', direction: 'desc' }]],
    ['beadfc', [{ column: 'ok', direction: 'asc' }]],
    ['efcdab', [{ column: 'step', direction: 'desc' }]],
    [
      'ebfdac',
      [
        { column: 'ok', direction: 'asc' },
        { column: 'time', direction: 'desc' },
      ],
    ],
  ])('orders as %j by %j, null last', async (found, orderBy) => {
    await logSix(store);
    expect(await keys(store, {}, orderBy)).toBe(found);
  });

  it('gives a page, cut texts, the total of all pages, and rows by number', async () => {
    await logSix(store);
    const query = await store.query('a');
    const orderBy = [{ column: 'time', direction: 'asc' as const }];
    const page = await store.engine.rows(query, {
      columns: ['text', 'meta'],
      orderBy,
      offset: 1,
      limit: 2,
      preview: 5,
    });
    expect(page.rows).toEqual([
      ['Beta ', [1, 2]],
      ['gamma', null],
    ]);
    expect(page.cut).toEqual(
      expect.arrayContaining([
        [0, 0, 8],
        [1, 0, 11],
      ]),
    );
    expect(page.total).toBe(6);
    const { rows: numbers, chars } = await store.engine.rowNumbers(query, [{ column: 'time', direction: 'desc' }]);
    expect(numbers).toHaveLength(6);
    expect([...chars].every((count) => count >= 0)).toBe(true);
    const [last = 0, , third = 0] = numbers;
    const some = await store.engine.rowsByNumber('t', query.scopes, [third, 1e9, last], ['key', 'text']);
    expect([some.ids, some.rows]).toEqual([
      [third, last],
      [
        ['d', null],
        ['f', 'ALPHA beta'],
      ],
    ]);
    expect(await store.engine.rowById(last)).toEqual({
      ...{ run: 'a', table: 't', step: 3, time: 3_002 },
      cells: { key: 'f', text: 'ALPHA beta', reward: -1, ok: true, meta: null },
    });
    expect(await store.engine.rowById(1e9)).toBeUndefined();
  });

  it('says what is wrong with a pattern', async () => {
    expect(await store.engine.patternFault('a+b')).toBeUndefined();
    expect(await store.engine.patternFault('(')).toMatch(/./);
    expect(await store.engine.patternFault('(?=a)')).toMatch(/./);
  });
}

/** Logs six rows, called a to f, of three steps. */
async function logSix(store: EngineUnderTest): Promise<void> {
  const columns = [
    { name: 'key', type: 'string', origin: 'logged' },
    { name: 'text', type: 'string', origin: 'logged' },
    { name: 'reward', type: 'number', origin: 'logged' },
    { name: 'ok', type: 'boolean', origin: 'logged' },
    { name: 'meta', type: 'json', origin: 'logged' },
  ] as const;
  const atStep = (step: number, rows: unknown[][]) =>
    createRows('a', [], {
      entryStep: step,
      columns: [...columns],
      steps: rows.map(() => step),
      times: rows.map((_, i) => step * 1_000 + i + 1),
      cells: columns.map((_, c) => rows.map((row) => row[c] ?? null)),
    });
  await store.commit([
    { kind: 'run', run: createRun('a') },
    atStep(1, [
      ['a', 'alpha one', 0.1, true, { a: 1 }],
      ['b', 'Beta two', 0.5, false, [1, 2]],
    ]),
    atStep(2, [
      ['c', 'gamma alpha', null, null, null],
      ['d', null, Number.POSITIVE_INFINITY, true, 'x'],
    ]),
    atStep(3, [
      ['e', 'deltas a', 0.9, false, { a: 2 }],
      ['f', 'ALPHA beta', -1, true, null],
    ]),
  ]);
}

/** The names of the rows that are found, in order. */
async function keys(store: EngineUnderTest, narrowed: Partial<RowQuery>, orderBy: OrderBy = []): Promise<string> {
  const query = await store.query('a', narrowed);
  const page = await store.engine.rows(query, { columns: ['key'], orderBy, offset: 0, limit: 100 });
  return page.rows.flat().join('');
}
