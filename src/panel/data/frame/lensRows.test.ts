import { FieldType, toDataFrame } from '@grafana/data';
import type { Lens } from '@rolloscope/contract/names';
import { describe, expect, it } from 'vitest';
import { readTable } from '../readTable';

const signal = new AbortController().signal;

function frameOf(rows: Record<string, unknown>[]) {
  const names = [...new Set(rows.flatMap(Object.keys))];
  const fields = names.map((name) => ({
    name,
    type: rows.some((row) => typeof row[name] === 'number') ? FieldType.number : FieldType.string,
    values: rows.map((row) => row[name] ?? null),
  }));
  return readTable(toDataFrame({ fields }), null);
}

async function through(lens: Lens, rows: Record<string, unknown>[]) {
  const page = await frameOf(rows).loadPage({ offset: 0, limit: 100, orderBy: [], columns: [], lens }, signal);
  return Array.from({ length: page.count }, (_, row) => page.cell(row, 'response'));
}

const row = (step: number, prompt: string, response: string, reward: number | null) => ({
  step,
  prompt,
  response,
  reward,
});

describe('lenses over the rows of a frame', () => {
  const rows = [
    row(1, 'p', 'p1 right', 1),
    row(1, 'q', 'q1 wrong', 0),
    row(2, 'p', 'p2 wrong', 0),
    row(2, 'p', 'p2 right', 1),
    row(2, 'q', 'q2 right', 1),
    row(2, 'q', 'q2 right', 1),
    row(2, 'r', '<think> without an end', null),
  ];

  it.each<[Lens, unknown[]]>([
    ['newlyWrong', ['p2 wrong']],
    ['newlyRight', ['q2 right', 'q2 right']],
    ['spread', ['p2 wrong', 'p2 right']],
    ['duplicates', ['q2 right']],
    ['truncated', ['<think> without an end']],
    ['longest', ['<think> without an end']],
    ['worst', ['p2 wrong', 'q1 wrong']],
    ['baselineWrong', []],
  ])('%s', async (lens, responses) => {
    expect(await through(lens, rows)).toEqual(responses);
  });

  it('takes a NaN for neither right nor wrong, nor for a truncated response', async () => {
    const judged = (step: number, response: string, correct: number) => ({
      ...row(step, 'p', response, 0),
      correct,
      truncated: Number.NaN,
    });
    const three = [judged(1, 'right', 1), judged(2, 'neither', Number.NaN), judged(2, 'wrong', 0)];
    expect(await through('newlyWrong', three)).toEqual(['wrong']);
    expect(await through('newlyWrong', three.slice(0, 2))).toEqual([]);
    expect(await through('newlyRight', [judged(1, 'wrong', 0), judged(2, 'neither', Number.NaN)])).toEqual([]);
    expect(await through('truncated', three)).toEqual([]);
  });

  it('takes the step before among those that a filter names', async () => {
    const three = [row(1, 'p', 'right', 1), row(2, 'p', 'wrong', 0), row(3, 'p', 'still wrong', 0)];
    const filter = [{ column: 'step', op: 'in' as const, value: [1, 3] }];
    const request = { offset: 0, limit: 9, orderBy: [], columns: [], lens: 'newlyWrong' as const };
    const page = await frameOf(three).loadPage({ ...request, filter }, signal);
    expect([page.count, page.cell(0, 'response')]).toEqual([1, 'still wrong']);
    expect((await frameOf(three).loadPage(request, signal)).cell(0, 'response')).toBe('wrong');
  });

  it('tells what it cannot count, and why', async () => {
    const counts = await frameOf(rows).countLenses({ orderBy: [] }, signal);
    expect(counts).toContainEqual({ lens: 'repetitive', needs: 'the column repetition' });
    expect(counts).toContainEqual({ lens: 'baselineRight', needs: 'a baseline of the run' });
    expect(counts).toContainEqual({ lens: 'newest', rows: 7 });
    expect(counts).toContainEqual({ lens: 'best', rows: 4 });
  });
});

describe('the spread of groups in a frame', () => {
  it('is of one prompt at one step, exactly 0 for equal rewards', () => {
    const rewards = [row(1, 'p', 'a', 0.1), row(1, 'p', 'b', 0.1), row(1, 'p', 'c', 0.1), row(2, 'p', 'd', 7)];
    const spread = frameOf([...rewards, row(1, 'q', 'e', 0), row(1, 'q', 'f', 1)]).pageNow({
      offset: 0,
      limit: 9,
      orderBy: [],
      columns: [],
    });
    expect([0, 1, 2, 3, 4, 5].map((at) => spread?.groupSpread?.(at))).toEqual([0, 0, 0, null, 0.5, 0.5]);
  });
});

describe('facets of a frame', () => {
  it('count values, the most frequent first', async () => {
    const table = frameOf([row(1, 'p', 'a', 1), row(1, 'p', 'b', 0.5), row(2, 'q', 'c', null)]);
    expect(await table.loadFacet('prompt', { orderBy: [] }, '', signal)).toEqual({
      name: 'prompt',
      nulls: 0,
      distinct: 2,
      values: [
        { value: 'p', rows: 2 },
        { value: 'q', rows: 1 },
      ],
    });
    const filter = [{ column: 'step', op: 'eq' as const, value: 1 }];
    expect(await table.loadFacet('reward', { orderBy: [], filter }, '', signal)).toMatchObject({ min: 0.5, max: 1 });
  });
});
