import { dateTime, FieldType, type TimeRange, toDataFrame } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { RowsInTimes } from './RowsInTimes';
import { readTable } from './readTable';

const { signal } = new AbortController();
const NOW = 1_700_000_000_000;

function createRange(to = NOW, from = to - 60_000, raw = { from: 'now-1m', to: 'now' }): TimeRange {
  return { from: dateTime(from), to: dateTime(to), raw };
}

/** Rows of every ten seconds before now, the last one now. */
function createTable(range: TimeRange) {
  const times = Array.from({ length: 12 }, (_, i) => NOW - (11 - i) * 10_000);
  const frame = toDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: times },
      { name: 'reward', type: FieldType.number, values: times.map((_, i) => i) },
      { name: 'response', type: FieldType.string, values: times.map((_, i) => `r${i}`) },
    ],
  });
  return new RowsInTimes(readTable(frame, null), 'time', range);
}

const wanted = { offset: 0, limit: 100, orderBy: [], columns: ['response'] };

describe('RowsInTimes', () => {
  it('leaves out what was logged before and after, in pages, counts, bins, values and export', async () => {
    const table = createTable(createRange(NOW - 5_000));
    const page = await table.loadPage(wanted, signal);
    expect(Array.from({ length: page.count }, (_, row) => page.cell(row, 'response'))).toEqual([
      'r5',
      'r6',
      'r7',
      'r8',
      'r9',
      'r10',
    ]);
    expect(table.pageNow(wanted)?.total).toBe(6);
    const narrowed = { ...wanted, filter: [{ column: 'reward', op: 'ge' as const, value: 7 }] };
    expect((await table.loadPage(narrowed, signal)).total).toBe(4);
    expect((await table.countLenses({ orderBy: [] }, signal)).find(({ lens }) => lens === 'newest')?.rows).toBe(6);
    expect((await table.loadBins({ column: 'reward', by: 'reward', bins: 4 }, signal)).total).toBe(6);
    expect((await table.loadFacet('reward', { orderBy: [] }, '', signal)).max).toBe(10);
    expect((await table.createDownload(['response'], { orderBy: [] })).rows).toBe(6);
    expect((await table.loadRelated({ ...wanted, filter: [] }, signal)).total).toBe(12);
  });

  it('is the same table while its range moves along, and another one for a range that someone chose', () => {
    expect(createTable(createRange(NOW + 5_000)).key).toBe(createTable(createRange()).key);
    const hour = { from: 'now-1h', to: 'now' };
    expect(createTable(createRange(NOW, NOW - 3_600_000, hour)).key).not.toBe(createTable(createRange()).key);
  });
});
