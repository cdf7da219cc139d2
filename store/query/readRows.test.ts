import type { Condition, Filter, LoggedTable, RowsAnswer, RowsRequest } from '@rolloscope/contract/types';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const fresh = () => `name ${++count}`;
const read = (runs: string[], table: string, request: Partial<RowsRequest> = {}): Promise<RowsAnswer> =>
  store.reader.rows({ runs, table, ...request }, FULL_ACCESS);
const logTable = (run: string, name: string, table: LoggedTable, step?: number) =>
  store.log(run, [{ ...(step !== undefined && { step }), time: 1_000, tables: { [name]: table } }]);
/** Cells of one column, in the order of the answer. */
const column = ({ columns, rows }: RowsAnswer, name: string) => {
  const at = columns.findIndex((one) => one.name === name);
  return rows.map((row) => row[at]);
};

const ALPHABET = [...'abAB %_\'"\\\n\t😀é.'];
const text = fc.oneof(
  fc.string({ maxLength: 6, unit: fc.constantFrom(...ALPHABET) }),
  // Around the length that is kept beside the row, and beyond.
  fc
    .tuple(fc.integer({ min: 253, max: 300 }), fc.constantFrom(...ALPHABET), fc.constantFrom('', 'Ab', '😀'))
    .map(([length, char, end]) => char.repeat(length) + end),
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double().map((x) => (Number.isFinite(x) ? x + 0 : String(x))),
);
const or = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 5 });
const COLUMNS = ['n', 'text', 'flag', 'mixed'] as const;
const row = fc.tuple(or(number), or(text), or(fc.boolean()), or(fc.oneof(text, fc.integer({ min: -3, max: 3 }))));
type Row = [unknown, unknown, unknown, unknown];
/** `mixed` stays one column, however many numbers are drawn: its role is never told apart. */
const LOGGED_COLUMNS: LoggedTable['columns'] = [...COLUMNS.slice(0, 3), { name: 'mixed', role: 'groundTruth' }];

/** Makes every column of the type that its name says. */
const TYPED: Row[] = [
  [0, 'seed', true, 'seed'],
  [1, 'seed', false, 1],
];

function holds(rowOf: Row, { column: name, op, value }: Condition): boolean {
  const cell = rowOf[COLUMNS.indexOf(name as (typeof COLUMNS)[number])];
  const asNumber = (one: unknown) => (name === 'n' && one !== null ? Number(one) : one);
  const [left, right] = [asNumber(cell), asNumber(value)];
  const same = (a: unknown, b: unknown) => a !== null && (a === b || (Number.isNaN(a) && Number.isNaN(b)));
  switch (op) {
    case 'isNull':
      return (cell === null) === value;
    case 'eq':
      return same(left, right);
    case 'ne':
      return !same(left, right);
    case 'in':
      return (value as unknown[]).some((one) => same(left, asNumber(one)));
    case 'contains':
      return typeof cell === 'string' && cell.toLowerCase().includes(String(value).toLowerCase());
    case 'matches':
      return typeof cell === 'string' && new RegExp(String(value), 'u').test(cell);
    default: {
      if (typeof left !== 'number' || typeof right !== 'number') {
        return false;
      }
      return op === 'lt' ? left < right : op === 'le' ? left <= right : op === 'gt' ? left > right : left >= right;
    }
  }
}

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ column: fc.constant('n'), op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'), value: number }),
  fc.record({ column: fc.constant('n'), op: fc.constant('in'), value: fc.array(number, { maxLength: 4 }) }),
  fc.record({ column: fc.constantFrom(...COLUMNS), op: fc.constant('isNull'), value: fc.boolean() }),
  fc.record({ column: fc.constant('text'), op: fc.constantFrom('eq', 'ne', 'contains'), value: text }),
  fc.record({ column: fc.constant('text'), op: fc.constant('in'), value: fc.array(text, { maxLength: 3 }) }),
  fc.record({
    column: fc.constant('text'),
    op: fc.constant('matches'),
    value: fc.constantFrom('^a+', 'b$', '[AB]{2}', 'é|😀'),
  }),
  fc.record({ column: fc.constant('flag'), op: fc.constantFrom('eq', 'ne'), value: fc.boolean() }),
  fc.record({
    column: fc.constant('mixed'),
    op: fc.constantFrom('eq', 'ne'),
    value: fc.oneof(text, fc.integer({ min: -3, max: 3 })),
  }),
  fc.record({ column: fc.constant('mixed'), op: fc.constantFrom('lt', 'ge'), value: fc.integer({ min: -3, max: 3 }) }),
) as fc.Arbitrary<Condition>;

describe('filters', () => {
  it('keep the rows that a plain reading of the contract keeps, in the order of logging', async () => {
    const anyOf = fc.array(condition, { minLength: 1, maxLength: 3 }).map((conditions) => ({ anyOf: conditions }));
    const filter = fc.array(fc.oneof({ weight: 3, arbitrary: condition }, anyOf), {
      maxLength: 3,
    }) as fc.Arbitrary<Filter>;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(filter, { minLength: 1, maxLength: 6 }),
        async (some, filters) => {
          const [run, table] = [fresh(), 'filtered'];
          const rows = [...TYPED, ...(some as Row[])];
          await logTable(run, table, {
            columns: LOGGED_COLUMNS,
            rows,
          });
          const whole = await read([run], table, { columns: [...COLUMNS] });
          expect(whole.rows).toEqual(rows.map((one) => [...one]));
          for (const one of filters) {
            const wanted = rows.filter((candidate) =>
              one.every((part) =>
                'anyOf' in part ? part.anyOf.some((c) => holds(candidate, c)) : holds(candidate, part),
              ),
            );
            const answer = await read([run], table, { columns: [...COLUMNS], filter: one });
            expect(answer.rows, JSON.stringify(one)).toEqual(wanted.map((candidate) => [...candidate]));
            expect(answer.total).toBe(wanted.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('compare a column that runs logged with two types by each of them', async () => {
    const [a, b, table] = [fresh(), fresh(), fresh()];
    await logTable(a, table, { columns: ['mark'], rows: [[10], [9], [1], [null]] });
    await logTable(b, table, { columns: ['mark'], rows: [['n/a'], ['1']] });
    const of = async (filter: Filter) => column(await read([a, b], table, { filter }), 'mark');
    expect((await read([a, b], table)).columns.find(({ name }) => name === 'mark')?.type).toBe('json');
    expect(await of([{ column: 'mark', op: 'ge', value: 9 }])).toEqual([10, 9]);
    expect(await of([{ column: 'mark', op: 'eq', value: 1 }])).toEqual([1]);
    expect(await of([{ column: 'mark', op: 'eq', value: '1' }])).toEqual(['1']);
    expect(await of([{ column: 'mark', op: 'in', value: ['n/a', 10] }])).toEqual([10, 'n/a']);
    const ordered = await read([a, b], table, { orderBy: [{ column: 'mark', direction: 'desc' }] });
    expect(column(ordered, 'mark').slice(0, 3)).toEqual([10, 9, 1]);
    expect(column(ordered, 'mark').at(-1)).toBeNull();
  });

  it('speak of the row’s own columns like of any other', async () => {
    const [a, b, table] = [fresh(), fresh(), fresh()];
    await logTable(
      a,
      table,
      {
        columns: ['x', 'step'],
        rows: [
          ['a', 4],
          ['b', null],
        ],
      },
      7,
    );
    await logTable(b, table, { columns: ['x'], rows: [['c']] }, 9);
    const of = async (request: Partial<RowsRequest>) => column(await read([a, b], table, request), 'x');
    expect(await of({ filter: [{ column: 'step', op: 'in', value: [4, 9] }] })).toEqual(['a', 'c']);
    expect(await of({ filter: [{ column: 'run', op: 'eq', value: b }] })).toEqual(['c']);
    expect(await of({ steps: { from: 5, to: 8 } })).toEqual(['b']);
    expect(
      await of({
        orderBy: [
          { column: 'run', direction: 'desc' },
          { column: 'step', direction: 'desc' },
        ],
      }),
    ).toHaveLength(3);
    expect(await of({ version: 'latest' })).toEqual(['a', 'b', 'c']);
  });

  it('name a column that nobody logged, and the one that was meant', async () => {
    const [run, table] = [fresh(), fresh()];
    await logTable(run, table, { columns: ['reward', 'response'], rows: [[1, 'x']] });
    const ask = (request: Partial<RowsRequest>) => read([run], table, request);
    await expect(ask({ filter: [{ column: 'rewrad', op: 'gt', value: 0 }] })).rejects.toThrow(/"rewrad".*"reward"/);
    await expect(ask({ orderBy: [{ column: 'Response', direction: 'asc' }] })).rejects.toThrow(/"response"/);
    for (const [pattern, code] of [
      ['(', 'invalid_pattern'],
      ['a(?=b)', 'invalid_pattern'],
      ['(?<n>x)(', 'invalid_pattern'],
      ['(a{40}){30}', 'invalid_pattern'],
      ['((a{100}){100}){100}', 'limit_exceeded'],
    ] as const) {
      const filter: Filter = [{ column: 'response', op: 'matches', value: pattern }];
      await expect(ask({ filter })).rejects.toMatchObject({ code });
      await expect(ask({ search: { text: pattern, mode: 'regex' } })).rejects.toMatchObject({ code });
    }
    await expect(ask({ filter: [{ column: 'reward', op: 'gt', value: 'high' }] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('search', () => {
  it('finds a plain text over all string columns, ignoring case, in short and long ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(
          text.filter((t) => t !== ''),
          { minLength: 1, maxLength: 4 },
        ),
        async (some, needles) => {
          const [run, table] = [fresh(), 'searched'];
          const rows = [...TYPED, ...(some as Row[])].map(([n, t, flag]) => [n, t, flag, t === null ? null : `>${t}`]);
          await logTable(run, table, { columns: LOGGED_COLUMNS, rows });
          for (const needle of needles) {
            const search = { text: needle, mode: 'plain' as const, columns: ['text'] };
            const found = async (request: RowsRequest['search']) =>
              (await read([run], table, { columns: [...COLUMNS], search: request as never })).rows;
            const has = (t: unknown, s: string) => typeof t === 'string' && t.includes(s);
            const lower = (t: unknown) => (typeof t === 'string' ? t.toLowerCase() : t);
            expect(await found(search)).toEqual(rows.filter((one) => has(lower(one[1]), needle.toLowerCase())));
            expect(await found({ ...search, case: true })).toEqual(rows.filter((one) => has(one[1], needle)));
            expect(await found(needle)).toEqual(rows.filter((one) => has(lower(one[3]), needle.toLowerCase())));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tells words from parts of words, and takes patterns', async () => {
    const [run, table] = [fresh(), fresh()];
    const texts = ['An answer.', 'answers', '<answer>4</answer>', `${'x'.repeat(400)} ANSWER`];
    await logTable(run, table, { columns: ['t'], rows: texts.map((t) => [t]) });
    const find = async (search: RowsRequest['search']) =>
      column(await read([run], table, { search: search as never }), 't').map((t) => texts.indexOf(String(t)));
    expect(await find({ text: 'answer', mode: 'word' })).toEqual([0, 2, 3]);
    expect(await find({ text: '<answer>', mode: 'word' })).toEqual([2]);
    expect(await find({ text: 'answer', mode: 'word', case: true })).toEqual([0, 2]);
    expect(await find({ text: '>\\d<', mode: 'regex' })).toEqual([2]);
    expect(await find({ text: 'x answer$', mode: 'regex' })).toEqual([3]);
  });
});

describe('pages', () => {
  it('are cut out of one stable order, with nulls last and ties as logged', async () => {
    const order = fc.array(
      fc.record({ column: fc.constantFrom('n', 'flag'), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
      { maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        order,
        fc.integer({ min: 1, max: 15 }),
        async (some, orderBy, limit) => {
          const [run, table] = [fresh(), 'ordered'];
          const rows = [...TYPED, ...(some as Row[])];
          await logTable(run, table, { columns: LOGGED_COLUMNS, rows });
          const key = (one: Row, name: string) => {
            const cell = one[COLUMNS.indexOf(name as 'n')];
            return cell === null || cell === 'NaN' ? null : Number(cell);
          };
          const wanted = rows.toSorted((a, b) => {
            for (const { column: name, direction } of orderBy) {
              const [left, right] = [key(a, name), key(b, name)];
              if (left !== right) {
                return left === null
                  ? 1
                  : right === null
                    ? -1
                    : (left < right ? -1 : 1) * (direction === 'asc' ? 1 : -1);
              }
            }
            return 0;
          });
          const seen: unknown[][] = [];
          const ids = new Set<string>();
          for (let offset = 0; offset < rows.length + limit; offset += limit) {
            const page = await read([run], table, { columns: [...COLUMNS], orderBy, offset, limit });
            expect(page.total).toBe(rows.length);
            seen.push(...page.rows);
            for (const id of page.rowIds) {
              ids.add(id);
            }
          }
          expect(seen).toEqual(wanted.map((one) => [...one]));
          expect(ids.size).toBe(rows.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cut long texts at whole characters and say how long they were; a row comes whole', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 300 }), async (long, preview) => {
        const [run, table] = [fresh(), 'cut'];
        await logTable(run, table, { columns: ['t'], rows: [[long]] }, 3);
        const page = await read([run], table, { columns: ['t'], preview });
        const chars = [...long];
        expect(page.rows).toEqual([[chars.slice(0, preview).join('')]]);
        expect(page.cut).toEqual(chars.length > preview ? [[0, 0, chars.length]] : []);
        const whole = await store.reader.row(page.rowIds[0] ?? '', FULL_ACCESS);
        expect(whole).toMatchObject({ run, table, step: 3, time: 1_000, cells: { t: long } });
        expect(page.rowIds[0]).toMatch(/^[\w-]+$/);
      }),
      { numRuns: 60 },
    );
  });

  it('show their moment, or only what came after one', async () => {
    const [run, table] = [fresh(), fresh()];
    await logTable(run, table, { columns: ['x'], rows: [['old']] }, 1);
    const { asOf } = await read([run], table);
    await logTable(run, table, { columns: ['x'], rows: [['new']] }, 2);
    expect(column(await read([run], table, { asOf }), 'x')).toEqual(['old']);
    expect(column(await read([run], table, { since: asOf }), 'x')).toEqual(['new']);
    expect(column(await read([run], table, { version: 'latest' }), 'x')).toEqual(['new']);
    expect(column(await read([run], table, { version: 'latest', asOf }), 'x')).toEqual(['old']);
  });

  it('take names of any kind for runs, tables and columns', async () => {
    const name = fc.string({ minLength: 1, maxLength: 256, unit: fc.constantFrom(...'\'"/\\\n%*_$;-- é😀a\0') });
    await fc.assert(
      fc.asyncProperty(name, name, name, name, async (run, table, one, two) => {
        fc.pre(one !== two);
        const id = `${run}${count++}`.slice(-256);
        await logTable(id, table, {
          columns: [one, two],
          rows: [
            ['first', 1],
            ['second', 2],
          ],
        });
        const answer = await read([id], table, {
          columns: [two, one],
          filter: [{ column: two, op: 'ge', value: 2 }],
          search: { text: 'SECOND', mode: 'plain', columns: [one] },
          orderBy: [{ column: one, direction: 'desc' }],
        });
        expect(answer.rows).toEqual([[2, 'second']]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('distribution', () => {
  it('counts every finite number in the bin whose edges hold it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(or(number), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        async (cells, bins) => {
          const [run, table] = [fresh(), 'binned'];
          await logTable(run, table, { columns: ['n'], rows: [[0], ...cells.map((cell) => [cell])] }, 5);
          const answer = await store.reader.distribution({ runs: [run], table, column: 'n', bins }, FULL_ACCESS);
          const finite = [0, ...cells].filter((cell): cell is number => typeof cell === 'number');
          const { edges } = answer;
          const last = edges.length - 2;
          const counts = edges.slice(1).map((_, i) => {
            const [low, high] = [edges[i] ?? 0, edges[i + 1] ?? 0];
            return finite.filter((v) => v >= low && (v < high || (i === last && v <= high))).length;
          });
          expect(answer.steps).toHaveLength(1);
          expect(answer.steps?.[0]).toMatchObject({
            from: 5,
            to: 5,
            counts,
            nulls: cells.filter((c) => c === null).length,
          });
          expect(counts.reduce((a, b) => a + b)).toBe(finite.length);
          expect(answer.steps?.[0]).toMatchObject({ min: Math.min(...finite), max: Math.max(...finite) });
          expect(answer.total).toBe(cells.length + 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('groups', () => {
  it('have a line a prompt, best and worst by id, and the change against another step', async () => {
    const [run, table] = [fresh(), fresh()];
    const columns = ['prompt', 'response', 'reward'];
    await logTable(
      run,
      table,
      {
        columns,
        rows: [
          ['p', 'a', 0],
          ['p', 'b', 1],
          ['q', 'c', 1],
        ],
      },
      1,
    );
    await logTable(
      run,
      table,
      {
        columns,
        rows: [
          ['p', 'd', 1],
          ['p', 'e', 1],
          ['r', 'f', 1e308],
        ],
      },
      2,
    );
    const request = { runs: [run], table, steps: { from: 2, to: 2 }, compareTo: { step: 1 } };
    const { groups, total } = await store.reader.groups(request, FULL_ACCESS);
    expect(total).toBe(2);
    expect(groups[0]).toMatchObject({ prompt: 'p', n: 2, mean: 1, sd: 0, change: 0.5 });
    expect(groups[1]).toMatchObject({ prompt: 'r', n: 1, mean: 1e308, change: null });
    const best = await store.reader.row(groups[0]?.best ?? '', FULL_ACCESS);
    expect(best.cells).toMatchObject({ response: 'd' });
  });
});

describe('export', () => {
  it('gives every matching row once, whole, in order, however it is ordered', async () => {
    const [run, table] = [fresh(), fresh()];
    const rows = Array.from({ length: 1_700 }, (_, i) => [(i * 7919) % 1_700, `${i} ${'long '.repeat(100)}`]);
    await logTable(run, table, { columns: ['n', 't'], rows: rows.slice(0, 900) }, 1);
    await logTable(run, table, { columns: ['n', 't'], rows: rows.slice(900) }, 2);
    for (const orderBy of [[], [{ column: 'n', direction: 'desc' as const }]]) {
      const request = { runs: [run], table, format: 'jsonl' as const, columns: ['n', 't'], orderBy };
      const stream = await store.reader.openExport(request, FULL_ACCESS);
      await logTable(run, table, { columns: ['n', 't'], rows: [[-1, 'late']] }, 3);
      await store.writer.finish(run, {}, FULL_ACCESS);
      const seen: unknown[][] = [];
      for await (const chunk of stream.chunks({})) {
        seen.push(...chunk);
      }
      const early = seen.filter(([n]) => n !== -1);
      expect(stream.total).toBe(seen.length);
      expect(early).toEqual(orderBy.length > 0 ? rows.toSorted((a, b) => Number(b[0]) - Number(a[0])) : rows);
    }
  });
});
