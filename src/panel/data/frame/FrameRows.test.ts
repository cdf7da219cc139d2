import { type DataFrame, FieldType, toDataFrame } from '@grafana/data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTable } from '../readTable';
import { FrameRows } from './FrameRows';

function createFrame(rewards: unknown[]): DataFrame {
  return toDataFrame({
    refId: 'A',
    fields: [
      { name: 'reward', type: FieldType.number, values: rewards },
      { name: 'response', type: FieldType.string, values: rewards.map((_, i) => `=text ${i}`) },
    ],
  });
}

const table = (rewards: unknown[]) => readTable(createFrame(rewards), null);
const order = (direction: 'asc' | 'desc') => [{ column: 'reward', direction }];
const columns = ['reward', 'response'];

const signal = new AbortController().signal;

async function rewardsOf(rewards: unknown[], direction: 'asc' | 'desc') {
  const page = await table(rewards).loadPage({ offset: 0, limit: 100, orderBy: order(direction), columns }, signal);
  return rewards.map((_, row) => page.cell(row, 'reward'));
}

describe('FrameRows', () => {
  it('pages in place', () => {
    const page = table([1, 2, 3, 4]).pageNow({ offset: 3, limit: 3, orderBy: [], columns });
    expect(page).toMatchObject({ offset: 3, count: 1 });
    expect(page?.cell(0, 'reward')).toBe(4);
    expect(page?.cell(0, 'no such column')).toBeNull();
  });

  it('sorts with nulls and NaN last either way, and infinities as the numbers that they are', async () => {
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const last = [null, Number.NaN];
    expect(await rewardsOf([2, ...last, high, low, -1], 'asc')).toEqual([low, -1, 2, high, ...last]);
    expect(await rewardsOf([2, ...last, high, low, -1], 'desc')).toEqual([high, 2, -1, low, ...last]);
  });

  it('keeps ties as they came, and loses no row', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fc.integer({ min: 0, max: 3 }))), async (rewards) => {
        const request = { offset: 0, limit: 1_000, orderBy: order('desc'), columns };
        const page = await table(rewards).loadPage(request, signal);
        const rows = rewards.map((_, row) => ({
          reward: page.cell(row, 'reward'),
          at: Number(String(page.cell(row, 'response')).slice(6)),
        }));
        const expected = rewards
          .map((reward, at) => ({ reward, at }))
          .sort((a, b) => (b.reward ?? -1) - (a.reward ?? -1) || a.at - b.at);
        expect(rows).toEqual(expected);
      }),
    );
  });

  it('knows a row again without row ids', () => {
    const all = { offset: 0, limit: 10, orderBy: [], columns };
    const before = table([1, 2]).pageNow(all);
    const after = table([1, 2, 3]).pageNow(all);
    expect(after?.rowId(1)).toBe(before?.rowId(1));
    expect(before?.rowId(0)).not.toBe(before?.rowId(1));
  });

  it('writes every row in the order that shows, with exact numbers', async () => {
    const frame = createFrame([0.1 + 0.2, -1]);
    const rows = new FrameRows(frame, 'key', 'label', readTable(frame, null).columns);
    const { pieces } = await rows.csvPieces(['response', 'reward'], { orderBy: order('asc') });
    expect(pieces.join('')).toBe("response,reward\r\n'=text 1,-1\r\n'=text 0,0.30000000000000004\r\n");
  });

  it('loses no row between the pieces of a long file', async () => {
    const frame = createFrame(Array.from({ length: 1_203 }, (_, i) => i));
    const rows = new FrameRows(frame, 'key', 'label', readTable(frame, null).columns);
    const lines = (await rows.csvPieces(['reward'], { orderBy: [] })).pieces.join('').split('\r\n');
    expect(lines.slice(1, -1).map(Number)).toEqual(Array.from({ length: 1_203 }, (_, i) => i));
  });

  it('finds the rows that belong to one, in order, and says how many there are', async () => {
    const related = { filter: [{ column: 'reward', op: 'ge' as const, value: 2 }], offset: 1, limit: 2, columns };
    const { signal } = new AbortController();
    const { page, total } = await table([1, 4, 2, 3]).loadRelated({ ...related, orderBy: order('desc') }, signal);
    expect([total, page.count]).toEqual([3, 2]);
    expect([page.cell(0, 'response'), page.cell(1, 'response')]).toEqual(['=text 3', '=text 2']);
  });
});
