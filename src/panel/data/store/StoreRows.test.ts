import { type DataFrame, FieldType, toDataFrame } from '@grafana/data';
import type { RowSource, RowsFrameMeta } from '@rolloscope/contract/frames';
import type { Column, DistributionRequest, ExportRequest, Filter, RowsRequest } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import { readTable } from '../readTable';

const COLUMNS: Column[] = [
  { name: 'run', type: 'string', origin: 'row' },
  { name: 'step', type: 'number', origin: 'row' },
  { name: 'score', type: 'number', origin: 'logged', role: 'reward' },
  { name: 'text', type: 'string', origin: 'logged', role: 'response' },
];

function createMeta(partial: Partial<RowsFrameMeta> = {}): RowsFrameMeta {
  return {
    uid: 'ds',
    request: { runs: ['r'], table: 'rollout_examples', version: 'latest', limit: 2, preview: 3 },
    asOf: '7',
    label: 'runs.summary["rollout_examples"]',
    total: 4,
    columns: COLUMNS,
    cut: [['id1', 'text', 900]],
    ...partial,
  };
}

function createFrame(meta: RowsFrameMeta): DataFrame {
  const values = [
    ['r', 'r'],
    [45, 45],
    [1.1, -0.1],
    ['abc', 'def'],
    ['id0', 'id1'],
  ];
  const names = [...COLUMNS.map(({ name }) => name), 'rowId'];
  const fields = names.map((name, i) => ({
    name,
    type: name === 'step' || name === 'score' ? FieldType.number : FieldType.string,
    values: values[i] ?? [],
  }));
  return toDataFrame({ refId: 'A', fields, meta: { custom: { rolloscope: meta } } });
}

/** Records what it was asked; any page has one row with a reward that JSON cannot write. */
function createSource() {
  const asked: (RowsRequest | ExportRequest | DistributionRequest)[] = [];
  const source: RowSource = {
    async queryRows(request) {
      asked.push(request);
      return {
        columns: COLUMNS,
        rows: [['r', 46, 'NaN', 'NaN']],
        rowIds: ['id2'],
        cut: [[0, 3, 12]],
        total: 4,
        asOf: '7',
      };
    },
    async getRow(rowId) {
      return { rowId, run: 'r', table: 'rollout_examples', step: 45, time: 5, cells: { score: 1.1, text: 'whole' } };
    },
    queryGroups: () => Promise.reject(new Error('not asked for here')),
    async queryDistribution(request) {
      asked.push(request);
      return { edges: [0, 1], steps: [], total: 0, asOf: '7' };
    },
    queryFacets: () => Promise.reject(new Error('not asked for here')),
    async createExport(request) {
      asked.push(request);
      return { path: '/exports/x', url: '/proxy/exports/x', rows: 4, expiresAt: 9 };
    },
  };
  return { source, asked };
}

const signal = new AbortController().signal;
const page = (offset: number, limit = 2) => ({ offset, limit, orderBy: [], columns: ['step', 'score'] });

describe('StoreRows', () => {
  const { source, asked } = createSource();
  const table = readTable(createFrame(createMeta()), source);

  it('reads a page within the frame from the frame, with the lengths of cut cells', () => {
    const here = table.pageNow(page(0));
    expect([here?.count, here?.rowId(1), here?.cell(1, 'score')]).toEqual([2, 'id1', -0.1]);
    expect([here?.fullLength(0, 'text'), here?.fullLength(1, 'text')]).toEqual([undefined, 900]);
    expect(asked).toEqual([]);
  });

  it('tells on a page of the frame how far groups spread, where the store said so or the frame has them whole', () => {
    const spreads = (partial: Partial<RowsFrameMeta>, roles = {}) => {
      const here = readTable(createFrame(createMeta(partial)), source, roles).pageNow(page(0));
      return [0, 1].map((row) => here?.groupSpread?.(row));
    };
    expect(spreads({ groupSpread: [0, null] })).toEqual([0, null]);
    expect(spreads({})).toEqual([undefined, undefined]);
    expect(spreads({ total: 2 })).toEqual([null, null]);
    expect(spreads({ groupSpread: [0, null] }, { score: null })).toEqual([undefined, undefined]);
  });

  it('asks the store for any other page, at the moment of the frame', async () => {
    expect(table.pageNow(page(2))).toBeUndefined();
    const next = await table.loadPage(page(2), signal);
    expect(asked.pop()).toEqual({
      runs: ['r'],
      table: 'rollout_examples',
      version: 'latest',
      asOf: '7',
      columns: ['step', 'score'],
      offset: 2,
      limit: 2,
      preview: 3,
      groupSpread: true,
    });
    expect([next.cell(0, 'score'), next.cell(0, 'text'), next.fullLength(0, 'text')]).toEqual([Number.NaN, 'NaN', 12]);
  });

  it('lets the store sort', async () => {
    const orderBy = [{ column: 'score', direction: 'desc' as const }];
    expect(table.pageNow({ ...page(0), orderBy })).toBeUndefined();
    await table.loadPage({ ...page(0), orderBy }, signal);
    expect(asked.pop()).toMatchObject({ orderBy, offset: 0 });
  });

  it('opens a row uncut', async () => {
    const here = table.pageNow(page(0));
    const row = here && (await table.loadRow(here, 0, signal));
    expect(row && Object.fromEntries(row)).toEqual({ run: 'r', step: 45, time: 5, score: 1.1, text: 'whole' });
  });

  it('exports the whole selection, not the page', async () => {
    expect(await table.createDownload(['step'], { orderBy: [] })).toEqual({ rows: 4, url: '/proxy/exports/x' });
    const request = asked.pop();
    expect(request).toMatchObject({ columns: ['step'], format: 'csv', asOf: '7', version: 'latest' });
    expect(request).not.toHaveProperty('limit');
    expect(request).not.toHaveProperty('preview');
  });
});

describe('what a viewer narrows by', () => {
  const { source, asked } = createSource();
  const own: Filter = [{ column: 'score', op: 'gt', value: 0 }];
  const narrowed = async (request: Partial<RowsRequest>, more: object, roles = {}) => {
    const meta = createMeta({ request: { runs: ['r'], table: 'rollout_examples', limit: 2, ...request } });
    await readTable(createFrame(meta), source, roles).loadPage({ ...page(0), ...more }, signal);
    return asked.pop();
  };

  it('is asked for beside what the query asks for', async () => {
    const filter: Filter = [{ column: 'text', op: 'contains', value: 'a' }];
    const search = { text: 'a.b', mode: 'plain' as const };
    const request = { version: 'latest' as const, filter: own };
    expect(await narrowed(request, { filter, search, lens: 'worst' })).toMatchObject({
      version: 'latest',
      filter: [...own, ...filter],
      search,
      lens: 'worst',
    });
    // One request has room for one search: the query's own holds as a filter.
    const both = await narrowed({ search: { text: 'x', mode: 'word' } }, { search });
    expect(both).toMatchObject({
      search,
      filter: [{ anyOf: [{ column: 'text', op: 'matches', value: '(?i)\\bx\\b' }] }],
    });
  });

  it('reaches beyond the steps and the version of the query with a condition on steps', async () => {
    const filter: Filter = [{ column: 'step', op: 'ge', value: 7 }];
    const asked = await narrowed({ version: 'latest', steps: { from: 1 }, filter: own }, { filter });
    expect(asked).toMatchObject({ filter: [...own, ...filter] });
    expect(asked).not.toHaveProperty('version');
    expect(asked).not.toHaveProperty('steps');
  });

  it('begins a history with its latest step, unless an order is asked for', async () => {
    expect(await narrowed({}, {})).toMatchObject({ lens: 'newest' });
    const orderBy = [{ column: 'score', direction: 'asc' as const }];
    expect(await narrowed({}, { orderBy })).not.toHaveProperty('lens');
    expect(await narrowed({ orderBy }, { offset: 9 })).not.toHaveProperty('lens');
    expect(await narrowed({ orderBy }, { lens: 'best' })).not.toHaveProperty('orderBy');
  });

  it('goes by the roles that an editor has corrected, where the store has such columns', async () => {
    const roles = { score: null, text: 'prompt', gone: 'reward' };
    expect(await narrowed({}, {}, roles)).toMatchObject({ roles: { score: null, text: 'prompt' } });
  });
});

describe('rows beyond the query', () => {
  const { source, asked } = createSource();
  const own: Filter = [
    { column: 'step', op: 'in', value: [1, 2] },
    { column: 'score', op: 'gt', value: 0 },
  ];
  const request: RowsRequest = {
    runs: ['r'],
    table: 'rollout_examples',
    steps: { from: 1, to: 2 },
    filter: own,
    search: 'x',
  };
  const table = readTable(createFrame(createMeta({ request: { ...request, limit: 2 } })), source);
  const filter: Filter = [{ column: 'promptHash', op: 'eq', value: 'h' }];

  it('are asked for without its steps, filter and search, of its runs or of all', async () => {
    const related = { filter, orderBy: [], columns: ['step'], offset: 0, limit: 9 };
    const { total, page } = await table.loadRelated(related, signal);
    expect([total, page.count]).toEqual([4, 1]);
    expect(asked.pop()).toEqual({
      runs: ['r'],
      table: 'rollout_examples',
      filter,
      columns: ['step'],
      offset: 0,
      limit: 9,
      preview: 2_000,
      asOf: '7',
    });
    await table.loadRelated({ ...related, allRuns: true }, signal);
    expect(asked.pop()).toMatchObject({ runs: { where: [] } });
  });

  it('are counted over all steps, under its other filters', async () => {
    await table.loadBins({ column: 'score', bins: 20, filter }, signal);
    expect(asked.pop()).toEqual({
      runs: ['r'],
      table: 'rollout_examples',
      search: 'x',
      filter: [own[1], ...filter],
      column: 'score',
      bins: 20,
      asOf: '7',
    });
  });
});

describe('readTable', () => {
  const { source } = createSource();

  it('takes roles from the store', () => {
    const { columns } = readTable(createFrame(createMeta()), source);
    expect(columns.map(({ role }) => role)).toEqual([undefined, 'step', 'reward', 'response']);
  });

  it('stays the same table while rows pour in, and is another one for another run', () => {
    const key = (meta: RowsFrameMeta) => readTable(createFrame(meta), source).key;
    expect(key(createMeta({ asOf: '8', total: 9 }))).toBe(key(createMeta()));
    expect(key(createMeta({ request: { runs: ['other'], table: 'rollout_examples' } }))).not.toBe(key(createMeta()));
  });

  it('works on the frame where nothing answers, and says what is missing', () => {
    const table = readTable(createFrame(createMeta()), null);
    expect(table.total).toBe(2);
    expect(table.notice).toBe('2 of 4 rows: the store cannot be reached from here');
  });

  it('works on the frame after a transformation', () => {
    const frame = createFrame(createMeta());
    const table = readTable({ ...frame, fields: frame.fields.slice(1) }, source);
    expect(table.notice).toBe('2 of 4 rows: after transformations');
    const nearest = createMeta({ notice: 'Step 30, the nearest to 26' });
    expect(readTable(createFrame(nearest), source).notice).toBe('Step 30, the nearest to 26');
  });

  it('ignores foreign marks in the same place', () => {
    const frame = createFrame(createMeta());
    const table = readTable({ ...frame, meta: { custom: { rolloscope: { uid: 5 } } } }, source);
    expect([table.total, table.notice, table.label]).toEqual([2, '', 'A']);
  });
});
