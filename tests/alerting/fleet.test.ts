import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../../.config/testTools';
import { launchChromium } from '../browser/chromium';
import { panel, panelErrors } from '../browser/dashboard';
import { openPage, type Server, startPreview, startStore } from '../browser/harness';
import { type Running, startProgram } from './tools';

/** What Fleet shows by what a real Prometheus knows of the store. Zero is said only where it is known. */

const PATIENCE = { timeout: 60_000, interval: 250 };
const FIGURES = { Live: 11, Regressed: 12, 'Stalled, crashed': 13, 'Not finite': 14 };
const STORE = 15;
const ALERTS = 5;
const EVALS = 3;
const WIDTH = 1_500;
const [READ, WRITE] = ['r'.repeat(20), 'w'.repeat(20)];

let folder: string;
let store: Server;
let prometheus: Running;
let preview: Server;
let browser: Browser;

/** Prometheus with other targets from now on; `up` is what it says of the store once it has looked. */
async function scrape(job: string, up?: string): Promise<void> {
  await writeFile(join(folder, 'prometheus.yaml'), `global: {scrape_interval: 1s}\nscrape_configs: [${job}]\n`);
  if (prometheus) {
    const { ok } = await fetch(`${prometheus.url}/-/reload`, { method: 'POST' });
    expect(ok).toBe(true);
    // The dashboard asks but twice a minute.
    await expect.poll(isUp, PATIENCE).toBe(up);
  }
}

async function isUp(): Promise<string | undefined> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=max(up)`);
  const { data } = (await answer.json()) as { data: { result: Array<{ value: [number, string] }> } };
  return data.result[0]?.value[1];
}

const withToken = (token: string) =>
  `{job_name: rolloscope, authorization: {credentials: ${token}}, static_configs: [{targets: ['${store.url.replace('http://', '')}']}]}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-fleet-'));
  store = await startStore(['--read-token', READ, '--write-token', WRITE]);
  for (const [path, method, body] of [
    ['/runs/a', 'PUT', { project: 'a.b' }],
    ['/runs/a/log', 'POST', { entries: [{ step: 1, metrics: { loss: 1, 'eval/accuracy/mean': 0.5 } }] }],
  ] as const) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${WRITE}` };
    const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok, await answer.text()).toBe(true);
  }
  await scrape('');
  prometheus = await startProgram(toolPath('prometheus'), (port) => [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-lifecycle',
  ]);
  preview = await startPreview(store.url, { PROMETHEUS_URL: prometheus.url, STORE_READ_TOKEN: READ });
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await prometheus?.stop();
  await store?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Opens Fleet, and waits until the store's own panel says `said`; then the texts of the figures. */
async function fleet(said: RegExp, url = preview.url) {
  const { page, faults } = await openPage(browser, WIDTH, 1200);
  await page.goto(`${url}/d/rolloscope-fleet`);
  await expect.poll(() => panel(page, STORE).textContent(), PATIENCE).toMatch(said);
  const figures = async () =>
    Promise.all(
      Object.entries(FIGURES).map(async ([title, id]) => (await panel(page, id).textContent())?.replace(title, '')),
    );
  return { page, faults, figures };
}

const UNKNOWN = ['unknown', 'unknown', 'unknown', 'unknown'];

describe('Fleet', { timeout: 150_000 }, () => {
  it('knows nothing, and says why, where Prometheus has no target', async () => {
    const { page, faults, figures } = await fleet(/no target/);
    await expect.poll(figures, PATIENCE).toEqual(UNKNOWN);
    expect(await panel(page, ALERTS).textContent()).not.toContain('Nothing is alerted');
    await expect.poll(() => panel(page, EVALS).textContent(), PATIENCE).toContain('has no target for the store');
    expect(await panel(page, EVALS).textContent()).not.toMatch(/Alerts|Result|–/);
    const color = await panel(page, FIGURES.Regressed)
      .getByText('unknown')
      .evaluate((one) => getComputedStyle(one).color);
    const [red = 0, green = 0, blue = 0] = color.match(/\d+/g)?.map(Number) ?? [];
    expect(Math.max(red, green, blue) - Math.min(red, green, blue), color).toBeLessThan(20);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it('knows nothing, and says why, where Prometheus may not read the store', async () => {
    await scrape(withToken('x'.repeat(20)), '0');
    const { page, figures } = await fleet(/refused or away/);
    await expect.poll(figures, PATIENCE).toEqual(UNKNOWN);
    await expect.poll(() => panel(page, EVALS).textContent(), PATIENCE).toContain('Is its token right?');
    await page.close();
  });

  it('knows nothing, and says why, where there is no Prometheus', async () => {
    const alone = await startPreview(store.url, { STORE_READ_TOKEN: READ });
    try {
      const { page, figures } = await fleet(/no Prometheus data source/, alone.url);
      await expect.poll(figures, PATIENCE).toEqual(UNKNOWN);
      await expect.poll(() => panel(page, EVALS).textContent(), PATIENCE).toContain('no Prometheus data source');
      await page.close();
    } finally {
      await alone.stop();
    }
  });

  it('counts where it reads the store, in a project with a dot in its name', async () => {
    await scrape(withToken(READ), '1');
    const { page, figures } = await fleet(/read/);
    await expect.poll(figures, PATIENCE).toEqual(['1', '0', '0', '0']);
    await expect.poll(() => panel(page, ALERTS).textContent(), PATIENCE).toContain('all runs');
    const head = (name: string) =>
      panel(page, EVALS)
        .locator('th')
        .filter({ hasText: new RegExp(`^${name}$`) });
    await expect.poll(() => head('Alerts').count(), PATIENCE).toBe(1);
    for (const name of ['Alerts', 'Step']) {
      const box = await head(name).boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? WIDTH), name).toBeLessThan(WIDTH);
    }
    await page.close();
  });

  it('knows nothing where Grafana may not read which projects there are', async () => {
    const refused = await startPreview(store.url, { PROMETHEUS_URL: prometheus.url, STORE_READ_TOKEN: 'x'.repeat(20) });
    try {
      const { page, figures } = await fleet(/read/, refused.url);
      await expect.poll(figures, PATIENCE).toEqual(UNKNOWN);
      await page.close();
    } finally {
      await refused.stop();
    }
  });
});
