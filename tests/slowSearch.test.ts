import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPreview } from '../preview/server';
import { type StartedStore, startStore } from './bench/startStore';
import { launchChromium } from './browser/chromium';
import { eventually, range } from './browser/dashboard';
import { openPage } from './browser/harness';
import { writeDashboards } from './browser/panelDashboard';
import { logRows, manyRow } from './browser/panelData';

/** What the slow search takes at least, where nobody ends it: the table grows until it does. */
const SLOW = 1_500;
const PART = 2_000;
const MOST_PARTS = 150;
/** Found nowhere, and only by looking at every text from many places. */
const PATTERN = '(a|e|i).{0,120}(said|before|answer).{0,90}qq';

let store: StartedStore;
let preview: Awaited<ReturnType<typeof createPreview>>;
let address: string;
let proxy: string;
let folder: string;
/** Milliseconds of the slow search, left alone. */
let alone: number;

beforeAll(async () => {
  store = await startStore();
  folder = await writeDashboards([{ uid: 'many', run: 'many', rows: 'all' }]);
  preview = await createPreview({
    dashboards: folder,
    dataSources: [{ name: 'store', type: 'rolloscope-runs-datasource', uid: 'store', url: store.url }],
  });
  address = await preview.listen({ host: '127.0.0.1', port: 0 });
  proxy = `${address}/api/datasources/proxy/uid/store`;
  for (let part = 0; part < MOST_PARTS && !(alone > SLOW); part++) {
    const rows = Array.from({ length: PART }, (_, i) => manyRow(part * PART + i));
    await logRows(store.url, 'many', part, rows);
    alone = part % 10 === 9 ? await taken(search(store.url)) : 0;
  }
  expect(alone).toBeGreaterThan(SLOW);
});

afterAll(async () => {
  await preview.close();
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

async function query(base: string, body: object, signal?: AbortSignal): Promise<RowsAnswer> {
  const answer = await fetch(`${base}/api/v1/query/rows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runs: ['many'], table: 'rollout_examples', limit: 5, ...body }),
    ...(signal && { signal }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as RowsAnswer;
}

const search = (base: string, signal?: AbortSignal) =>
  query(base, { search: { text: PATTERN, mode: 'regex' } }, signal);

async function taken(what: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await what;
  return performance.now() - begin;
}

/** Milliseconds of processor time of the store so far. */
async function processorTime(): Promise<number> {
  const text = await (await fetch(`${store.url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1_000;
}

it.each([
  ['the store', () => store.url],
  ["the preview's data-source proxy", () => proxy],
])('searches whose clients go from %s end there: the next read is answered at once', async (_, base) => {
  const gone = Array.from({ length: 12 }, async () => {
    await expect(search(base(), AbortSignal.timeout(Math.round(alone / 5)))).rejects.toThrow(/timeout/i);
  });
  await Promise.all(gone);
  // Left alone, the twelve would hold the four connections for three searches' time, each slowed down by the others.
  expect(await taken(query(base(), {}))).toBeLessThan(alone / 2);
  await setTimeout(200);
  const before = await processorTime();
  await setTimeout(500);
  expect((await processorTime()) - before, 'the store rests').toBeLessThan(250);
  expect((await query(base(), { search: 'Question 7.' })).total).toBe(1);
  expect(store.stderr(), 'no fault is told of').toBe('');
});

it('an export whose client goes ends, and is no fault', async () => {
  const answer = await fetch(`${store.url}/api/v1/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      runs: ['many'],
      table: 'rollout_examples',
      orderBy: [{ column: 'reward', direction: 'asc' }],
      format: 'csv',
    }),
  });
  const { path } = (await answer.json()) as { path: string };
  for (const delay of [0, 20, 100, 300]) {
    const abort = new AbortController();
    const download = fetch(`${store.url}/api/v1${path}`, { signal: abort.signal }).then((one) => one.text());
    void setTimeout(delay).then(() => abort.abort());
    await expect(download).rejects.toThrow(/abort/i);
  }
  expect((await query(store.url, {})).rows.length).toBe(5);
  await setTimeout(300);
  expect(store.stderr()).toBe('');
});

it('the panel shows how far a search is, and Cancel brings back what was there', async () => {
  const browser = await launchChromium();
  try {
    const { page, faults } = await openPage(browser, 1300, 700);
    await page.goto(`${address}/d/many`);
    await eventually(() => range(page).textContent()).toMatch(/^1 - \d+ of \d{4}/);
    const before = await range(page).textContent();
    const shares: number[] = [];
    const bar = page.getByRole('progressbar', { name: 'Searching' });
    await page.getByRole('button', { name: 'Regular expression (RE2)' }).click();
    await page.getByRole('textbox', { name: 'Search all texts' }).fill(PATTERN);
    await bar.waitFor();
    while (shares.length < 2) {
      const now = await bar.getAttribute('aria-valuenow');
      if (now !== null && Number(now) !== shares.at(-1)) {
        shares.push(Number(now));
      }
    }
    expect(shares[1]).toBeGreaterThan(shares[0] ?? 0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await eventually(() => bar.count()).toBe(0);
    expect(await range(page).textContent()).toBe(before);
    expect(await page.getByRole('textbox', { name: 'Search all texts' }).inputValue()).toBe('');
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
});
