import { describe, expect, it } from 'vitest';
import type { Page, PageRequest, TableData } from '../data/TableData';
import { LivePage, type WantedPage } from './LivePage';

const pageOf = (ids: string, offset = 0, total = ids.length): Page => ({
  offset,
  count: ids.length,
  total,
  rowId: (row) => ids[row] ?? '',
  cell: () => null,
  fullLength: () => undefined,
});

interface Question {
  request: PageRequest;
  signal: AbortSignal;
  onProgress: ((share: number) => void) | undefined;
  answer: (page: Page) => void;
  fail: (fault: Error) => void;
}

/** A state of a table of `total` rows behind a store: what it is asked waits in `asked` for its answer. */
function createTable(state: string, total: number, key = 'table') {
  const asked: Question[] = [];
  const unexpected = () => {
    throw new Error('not asked for here');
  };
  const table: TableData = {
    key,
    state,
    label: 'rows',
    columns: [],
    total,
    maxPageRows: 1_000,
    pageNow: () => undefined,
    loadPage: (request, signal, onProgress) =>
      new Promise((answer, fail) => asked.push({ request, signal, onProgress, answer, fail })),
    loadRow: unexpected,
    loadRowById: unexpected,
    loadRelated: unexpected,
    loadBins: unexpected,
    exportFormats: ['csv'],
    createDownload: unexpected,
    countLenses: unexpected,
    loadFacet: unexpected,
  };
  return { table, asked };
}

const WANTED: WantedPage = { page: 0, limit: 2, orderBy: [], columns: ['reward'] };
const idsOf = (page: Page | undefined) =>
  page && Array.from({ length: page.count }, (_, row) => page.rowId(row)).join('');
const answered = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A page of `first` that shows the rows `ids`. */
async function showing(first: ReturnType<typeof createTable>, ids: string, wanted = WANTED) {
  const live = new LivePage(first.table, wanted);
  const stop = live.follow(first.table, wanted);
  first.asked[0]?.answer(pageOf(ids, 0, first.table.total));
  await answered();
  return { live, stop };
}

describe('LivePage', () => {
  it('tells its listeners of what is on its way, and shows it', async () => {
    const { table, asked } = createTable('1', 4);
    const live = new LivePage(table, WANTED);
    const seen: (number | undefined)[] = [];
    const leave = live.subscribe(() => seen.push(live.view(table, WANTED).progress));
    live.follow(table, WANTED);
    expect(live.view(table, WANTED)).toMatchObject({ isLoading: true, isCurrent: false, page: undefined });
    asked[0]?.onProgress?.(0.5);
    asked[0]?.answer(pageOf('ab', 0, 4));
    await answered();
    expect(live.view(table, WANTED)).toMatchObject({ isLoading: false, isStale: false, isCurrent: true });
    expect(idsOf(live.view(table, WANTED).page)).toBe('ab');
    expect(seen).toEqual([undefined, 0.5, undefined]);
    leave();
    live.retry();
    expect(seen.length).toBe(3);
  });

  it('takes the last page where a filter has left none of the wanted one', async () => {
    const { table, asked } = createTable('1', 10);
    const wanted = { ...WANTED, page: 4 };
    const live = new LivePage(table, wanted);
    live.follow(table, wanted);
    asked[0]?.answer(pageOf('', 8, 3));
    await answered();
    expect(asked.map(({ request }) => request.offset)).toEqual([8, 2]);
    asked[1]?.answer(pageOf('c', 2, 3));
    await answered();
    expect(idsOf(live.view(table, wanted).page)).toBe('c');
  });

  it('shows new data to who only watches, and lets them wait for who reads', async () => {
    const { live } = await showing(createTable('1', 2), 'ab');
    const second = createTable('2', 4);
    live.isReading = true;
    live.follow(second.table, WANTED);
    second.asked[0]?.answer(pageOf('xy', 0, 4));
    await answered();
    expect(live.view(second.table, WANTED)).toMatchObject({ waiting: 4, isLoading: false, isCurrent: true });
    expect(idsOf(live.view(second.table, WANTED).page)).toBe('ab');

    const third = createTable('3', 5);
    live.isReading = false;
    live.follow(third.table, WANTED);
    third.asked[0]?.answer(pageOf('vw', 0, 5));
    await answered();
    expect(live.view(third.table, WANTED)).toMatchObject({ waiting: undefined, data: third.table });
    expect(idsOf(live.view(third.table, WANTED).page)).toBe('vw');
  });

  it('turns the pages of the state that is read, until the newest is asked for', async () => {
    const first = createTable('1', 4);
    const { live } = await showing(first, 'ab');
    const second = createTable('2', 6);
    live.isReading = true;
    live.follow(second.table, WANTED);
    second.asked[0]?.answer(pageOf('xy', 0, 6));
    await answered();
    const next = { ...WANTED, page: 1 };
    live.follow(second.table, next);
    expect(first.asked.at(-1)?.request.offset).toBe(2);
    first.asked.at(-1)?.answer(pageOf('cd', 2, 4));
    await answered();
    expect(live.view(second.table, next)).toMatchObject({ data: first.table, waiting: 6 });

    live.showNewest();
    live.follow(second.table, WANTED);
    second.asked.at(-1)?.answer(pageOf('xy', 0, 6));
    await answered();
    expect(live.view(second.table, WANTED)).toMatchObject({ data: second.table, waiting: undefined });
    expect(idsOf(live.view(second.table, WANTED).page)).toBe('xy');
  });

  it('says what failed, keeps the rows that are there, and tries again', async () => {
    const first = createTable('1', 4);
    const { live } = await showing(first, 'ab');
    const next = { ...WANTED, page: 1 };
    live.follow(first.table, next);
    first.asked[1]?.fail(new Error('the store is away'));
    await answered();
    expect(live.view(first.table, next)).toMatchObject({ fault: 'the store is away', isStale: true, isCurrent: false });
    expect(idsOf(live.view(first.table, next).page)).toBe('ab');
    live.retry();
    live.follow(first.table, next);
    first.asked[2]?.answer(pageOf('cd', 2, 4));
    await answered();
    expect(live.view(first.table, next)).toMatchObject({ fault: undefined, isCurrent: true });
  });

  it('gives up what is no longer wanted, and does not show it', async () => {
    const first = createTable('1', 4);
    const { live } = await showing(first, 'ab');
    const stop = live.follow(first.table, { ...WANTED, page: 1 });
    stop();
    expect(first.asked[1]?.signal.aborted).toBe(true);
    first.asked[1]?.answer(pageOf('cd', 2, 4));
    await answered();
    expect(idsOf(live.view(first.table, WANTED).page)).toBe('ab');
  });

  it('shows nothing of a table that another has taken the place of', async () => {
    const { live } = await showing(createTable('1', 2), 'ab');
    const other = createTable('1', 7, 'another table');
    expect(live.view(other.table, WANTED)).toMatchObject({ data: other.table, page: undefined, waiting: undefined });
  });
});
