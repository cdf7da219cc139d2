import type { RowsRequest } from '@rolloscope/contract/types';
import { of, throwError, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { queryFollowed } from './queryFollowed';
import { StoreClient } from './StoreClient';

const REQUEST: RowsRequest = { runs: ['r'], table: 't', search: 'x' };
const ANSWER = { columns: [], rows: [], rowIds: [], cut: [], total: 0, asOf: 'p' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store whose page takes `takes` milliseconds, and whose shares are told one after another. */
function createClient(takes: number, shares: readonly (number | null | Error)[]) {
  const asked: string[] = [];
  const left = [...shares];
  const fetch = (request: { url: string; params?: Record<string, string> }) => {
    asked.push(request.url + (request.params?.progress ? '?progress' : ''));
    if (request.url.includes('/query/rows')) {
      return timer(takes).pipe(map(() => ({ data: ANSWER })));
    }
    const share = left.shift() ?? null;
    return share instanceof Error ? throwError(() => share) : of({ data: { share } });
  };
  return { asked, client: new StoreClient('', () => ({ fetch }) as never) };
}

async function follow(takes: number, shares: readonly (number | null | Error)[]) {
  const { asked, client } = createClient(takes, shares);
  const told: number[] = [];
  const answer = queryFollowed(client, REQUEST, undefined, (share) => told.push(share));
  await vi.advanceTimersByTimeAsync(takes);
  expect(await answer).toEqual(ANSWER);
  await vi.advanceTimersByTimeAsync(5_000);
  return { asked, told };
}

it('asks nothing about what is quick', async () => {
  expect(await follow(300, [0.5])).toEqual({ asked: ['/api/v1/query/rows?progress'], told: [] });
});

it('tells shares that grow, through silence, errors and steps back, and stops with the answer', async () => {
  const { asked, told } = await follow(2_450, [null, 0.1, new Error('down'), 0.4, 0.3, 0.9, 0.95]);
  expect(told).toEqual([0.1, 0.4, 0.9, 0.95]);
  expect(asked.filter((url) => url.includes('/progress/'))).toHaveLength(7);
});
