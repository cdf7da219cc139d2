import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPreview } from '../../preview/server';
import { freePort } from '../processes/freePort';
import { launchChromium } from './chromium';
import { eventually, panel, panelErrors, rows, settled, showsRange } from './dashboard';
import { openPage, type Server, startStore } from './harness';
import { createRun, logSteps } from './trainingRun';

const STATUS = 1;
/** The same at the width of a phone. */
const NARROW_STATUS = 9;
const CHARTS = [2, 3, 4, 7, 8];
const TABLE = 5;
const OTHERS = [STATUS, NARROW_STATUS, TABLE];

/** Each test waits for several refreshes. */
vi.setConfig({ testTimeout: 90_000 });

let data: string;
let port: number;
let store: Server;
let empty: Server;
let website: HttpServer;
let preview: FastifyInstance;
let url: string;
let browser: Browser;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'rolloscope-live-'));
  port = await freePort();
  store = await startStore(['--data', data], port);
  empty = await startStore();
  website = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><p>Hi'));
  await new Promise<void>((resolve) => website.listen(0, '127.0.0.1', resolve));
  const source = (uid: string, to: string, isDefault = false) => {
    return { name: uid, type: 'rolloscope-runs-datasource', uid, url: to, isDefault };
  };
  const websiteUrl = `http://127.0.0.1:${(website.address() as AddressInfo).port}`;
  preview = await createPreview({
    dataSources: [source('live', store.url, true), source('empty', empty.url), source('website', websiteUrl)],
  });
  url = await preview.listen({ host: '127.0.0.1', port: 0 });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await preview?.close();
  website?.close();
  await empty?.stop();
  await store?.stop();
  await rm(data, { recursive: true, force: true });
});

async function open(query: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(browser, 1440, 1900);
  await opened.page.goto(`${url}/d/rolloscope-run-overview?refresh=5s&${query}`);
  return opened;
}

const responses = async (page: Page) => (await rows(page)).map((cells) => cells[4]);
const newRows = (page: Page) => page.getByRole('button', { name: /^Newer rows$/ });

describe('a run that keeps logging', () => {
  it('shows its new step by itself', async () => {
    await createRun(store.url, 'grows');
    await logSteps(store.url, 'grows', 1, 3);
    const { page, faults } = await open('var-datasource=live&var-run=grows');
    await eventually(async () => (await responses(page))[0]).toBe('grows 3 0');
    await logSteps(store.url, 'grows', 4, 5);
    await eventually(async () => (await responses(page))[0]).toBe('grows 5 0');
    await eventually(() => panel(page, STATUS).textContent()).toContain('50.5%');
    await settled(page);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it('never moves a reader who is on page 2, or in a row', async () => {
    await createRun(store.url, 'read');
    await logSteps(store.url, 'read', 1, 3);
    const { page, faults } = await open('var-datasource=live&var-run=read');
    await eventually(async () => (await responses(page))[0]).toBe('read 3 0');
    await page.getByRole('button', { name: 'Next page' }).click();
    await showsRange(page, /^(?!1 - )\d+ - \d+ of 40$/);
    await eventually(async () => (await responses(page))[0]).not.toBe('read 3 0');
    const before = await rows(page);
    await logSteps(store.url, 'read', 4, 4);
    await eventually(() => newRows(page).count()).toBe(1);
    expect(await rows(page)).toEqual(before);

    const [first] = before;
    await page.locator('tbody tr[data-row]').first().click();
    const response = page.getByRole('dialog').getByText(first?.[4] ?? '', { exact: true });
    await eventually(() => response.count()).toBeGreaterThan(0);
    await logSteps(store.url, 'read', 5, 5);
    await eventually(() => panel(page, STATUS).textContent()).toContain('50.5%');
    expect(await response.first().isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await rows(page)).toEqual(before);
    await newRows(page).click();
    await eventually(async () => (await responses(page))[0]).toBe('read 5 0');
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('a store that is away', () => {
  it('leaves every panel its data, says which query failed and why, and is found again by itself', async () => {
    await createRun(store.url, 'lasts');
    await logSteps(store.url, 'lasts', 1, 3);
    const { page, faults } = await open('var-datasource=live&var-run=lasts');
    await eventually(async () => (await responses(page))[0]).toBe('lasts 3 0');
    await settled(page);
    const before = await rows(page);

    await store.stop();
    await eventually(async () => (await panelErrors(page)).length).toBe(OTHERS.length + CHARTS.length);
    expect(new Set(await panelErrors(page))).toEqual(
      new Set(
        ['stat', 'trend', 'timeseries', 'rolloscope-rollouts-panel'].map(
          (plugin) => `${plugin}: The run store does not answer. Is it running, and can Grafana reach its URL?`,
        ),
      ),
    );
    expect(await rows(page)).toEqual(before);
    expect(await panel(page, TABLE).getByRole('alert').textContent()).toMatch(
      /^Query A failed: The run store does not/,
    );
    expect(await panel(page, STATUS).textContent()).toContain('50.3%');
    for (const chart of CHARTS) {
      expect(await panel(page, chart).locator('canvas').count()).toBeGreaterThan(0);
    }

    store = await startStore(['--data', data], port);
    await eventually(() => panelErrors(page)).toEqual([]);
    await logSteps(store.url, 'lasts', 4, 4);
    await eventually(async () => (await responses(page))[0]).toBe('lasts 4 0');
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('nothing to show', () => {
  it('says so of a store without runs, in words and without an error', async () => {
    const { page, faults } = await open('var-datasource=empty');
    await settled(page);
    for (const id of [STATUS, TABLE, ...CHARTS]) {
      await eventually(() => panel(page, id).textContent()).toMatch(
        /no (data|rows|runs?|rollouts|eval|training reward|response length)/i,
      );
    }
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it('says what to check when the URL is that of a web page', async () => {
    const { page, faults } = await open(
      'var-datasource=website&var-project=p&var-run=r&var-table=rollouts&var-reward=reward&var-length=length',
    );
    await eventually(async () => (await panelErrors(page)).length).toBe(OTHERS.length + CHARTS.length);
    for (const error of await panelErrors(page)) {
      expect(error).toMatch(
        /The URL answered a web page instead of a run store's JSON\. Check the data source's URL\.$/,
      );
    }
    expect(faults).toEqual([]);
    await page.close();
  });
});
