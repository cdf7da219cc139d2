import { setTimeout } from 'node:timers/promises';
import type { ProgressAnswer, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StartedStore, startStore } from './bench/startStore';
import { logManyRows } from './browser/panelData';

const ROWS = 60_000;
/** Found in every eleventh row, and only by looking at every text from many places. */
const SEARCH = { text: '(a|e|i).{0,40}(said|before|answer).{0,30}follows|Question \\d*5\\d*7\\.', mode: 'regex' };

let store: StartedStore;

beforeAll(async () => {
  store = await startStore();
  await logManyRows(store.url, 'many', ROWS);
});

afterAll(() => store.stop());

async function query(body: object, progress?: string): Promise<RowsAnswer> {
  const answer = await fetch(`${store.url}/api/v1/query/rows${progress ? `?progress=${progress}` : ''}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runs: ['many'], table: 'rollout_examples', limit: 50, ...body }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as RowsAnswer;
}

async function share(id: string): Promise<number | null> {
  const answer = await fetch(`${store.url}/api/v1/progress/${id}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as ProgressAnswer).share;
}

it('tells how far a search is, ever farther, and nothing once it is over', async () => {
  expect(await share('mine')).toBeNull();
  const seen: number[] = [];
  let isOver = false;
  const answer = query({ search: SEARCH }, 'mine').finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const now = await share('mine');
    if (now !== null) {
      seen.push(now);
    }
    await setTimeout(5);
  }
  await answer;
  expect(new Set(seen).size, 'parts that were seen').toBeGreaterThan(1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.every((one) => one > 0 && one <= 1)).toBe(true);
  expect(await share('mine')).toBeNull();
});

it.each([
  ['as logged', {}],
  ['ordered', { orderBy: [{ column: 'reward', direction: 'desc' }], offset: 100 }],
  ['newest', { lens: 'newest' }],
  ['through a lens', { lens: 'worst' }],
  ['of the latest version', { version: 'latest' }],
  ['filtered', { filter: [{ column: 'reward', op: 'gt', value: 0.5 }] }],
  ['with no hit', { search: { text: 'no such text', mode: 'plain' } }],
])('gives the same rows in parts as at once: %s', async (_, body) => {
  const { rowIds, total, rows } = await query({ search: SEARCH, ...body });
  const parts = await query({ search: SEARCH, ...body }, 'again');
  expect({ rowIds: parts.rowIds, total: parts.total, rows: parts.rows }).toEqual({ rowIds, total, rows });
});

it('is searched by many at a time', async () => {
  const [whole, ...others] = await Promise.all(
    Array.from({ length: 10 }, (_, i) => query({ search: SEARCH, offset: 10 }, i % 2 === 0 ? `one-${i}` : undefined)),
  );
  for (const other of others) {
    expect(other.rowIds).toEqual(whole?.rowIds);
  }
});
