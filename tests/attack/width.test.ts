import { LIMITS } from '@rolloscope/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';
import { list, names, table } from './largeBodies';

/* A database takes time and memory for every column, however few its rows are. */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => store.expectWell());

const WIDEST = LIMITS.columns - 10;

describe('a log call of as many columns as a table may have keeps nobody waiting, and the next one is taken', () => {
  it.each<[string, (i: number, j: number) => string]>([
    ['numbers and texts', (i, j) => (j % 2 ? `"text ${i}"` : String((i + j) / 8192))],
    ['texts', (i, j) => `"${i} ${j} text"`],
    ['long texts', (i, j) => `"${'x'.repeat(300)} ${i} ${j}"`],
  ])('%s', async (what, cell) => {
    const run = what.replaceAll(' ', '-');
    await store.call('PUT', `/api/v1/runs/${run}`, { project: 'p' });
    const columns = names(run, WIDEST);
    const body = table(columns, (i) => list(WIDEST, (j) => cell(i, j)), undefined, run);
    expect(Buffer.byteLength(body)).toBeGreaterThan(LIMITS.bodyBytes - 2 ** 20);
    const { status, text } = await store.call('POST', `/api/v1/runs/${run}/log`, body);
    expect([status, text]).toEqual([200, '{"accepted":1}']);
  });
});
