import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPreview } from '../../preview/server';
import { axeFindings } from './axe';
import { launchChromium } from './chromium';
import { openPage, type Server, startStore } from './harness';

const provisioned = join(fileURLToPath(new URL('../..', import.meta.url)), 'provisioning', 'dashboards');
const PAGE = '/a/rolloscope-runs-app';
const PATIENCE = 60_000;
vi.setConfig({ testTimeout: 4 * PATIENCE });

let browser: Browser;
let store: Server;
let folder: string;
const previews: FastifyInstance[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  store = await startStore();
  // As a Grafana that has one of the app's dashboards already.
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-app-'));
  await cp(join(provisioned, 'seed-picture.json'), join(folder, 'seed-picture.json'));
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(previews.map((preview) => preview.close()));
  await store?.stop();
  await rm(folder, { recursive: true, force: true });
});

const source = (uid: string, url: string, more: object = {}) => ({
  name: `Store ${uid}`,
  type: 'rolloscope-runs-datasource',
  uid,
  url,
  ...more,
});

async function open(dataSources: ReturnType<typeof source>[], { query = '', width = 1440 } = {}) {
  const preview = await createPreview({ dashboards: folder, dataSources });
  previews.push(preview);
  const url = await preview.listen({ host: '127.0.0.1', port: 0 });
  const opened = await openPage(browser, width);
  const errors: string[] = [];
  opened.page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  opened.page.setDefaultTimeout(PATIENCE);
  await opened.page.goto(`${url}${PAGE}${query}`);
  await opened.page.getByRole('heading', { name: 'Run stores' }).waitFor();
  return { ...opened, errors };
}

async function logRun(id: string): Promise<void> {
  const answer = await fetch(`${store.url}/api/v1/runs/${encodeURIComponent(id)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project: 'p & q', name: 'a run' }),
  });
  expect(answer.ok).toBe(true);
}

const lines = (page: Page) => page.locator('pre').textContent();

it('from nothing to the newest run: waits for it, imports the dashboards, opens it', async () => {
  const { page, errors, faults } = await open([source('a', store.url, { isDefault: true })]);
  await page.getByText(/Connected to run store .+: 0 projects, 0 runs\..+no run yet/).waitFor();
  await expect.poll(() => lines(page), { timeout: PATIENCE }).toContain(`export WANDB_BASE_URL=${store.url}`);
  await logRun('r/1');
  await page.getByText(/1 project, 1 run\./).waitFor();

  expect(await page.getByRole('link', { name: 'Seed picture' }).count()).toBe(1);
  expect(await page.getByRole('link', { name: 'Run overview' }).count()).toBe(0);
  await page.getByRole('button', { name: /^Import \d+ dashboards/ }).click();
  await page.getByRole('link', { name: 'Run overview' }).waitFor();
  expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0);
  await page.getByRole('link', { name: 'Open the newest run, a run' }).click();
  // The dashboard writes its variables into the address as soon as it is there, in an encoding of its own.
  await page.waitForURL(
    /\/d\/rolloscope-run-overview\?var-datasource=a&var-project=p(\+|%20)%26(\+|%20)q&var-run=r%2F1/,
  );
  await page.locator('[data-panel-state]').first().waitFor();
  expect(errors).toEqual([]);
  expect(faults).toEqual([]);
  await page.close();
});

it('a store that is away is said, with what to do, and asked again', async () => {
  const { page } = await open([source('a', store.url), source('gone', 'http://127.0.0.1:9')]);
  const gone = page.getByRole('listitem').filter({ hasText: 'Store gone' });
  await gone.getByText('The run store does not answer. Is it running, and can Grafana reach its URL?').waitFor();
  const asked = page.waitForRequest(/\/uid\/gone\/api\/v1\/health/);
  await gone.getByRole('button', { name: 'Ask again' }).click();
  await asked;
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Store a' })
    .getByText(/Connected/)
    .waitFor();
  await page.close();
});

it('a closer look: versions, clocks, and what the token of the data source may', async () => {
  const { page } = await open([source('a', store.url), source('gone', 'http://127.0.0.1:9')]);
  await page.getByRole('button', { name: 'Look closer at Store a' }).click();
  const found = page.getByRole('list', { name: 'What was found of Store a' });
  await found.getByText(/^Plugin and store are both \d/).waitFor();
  await found.getByText('The clocks of the store and of this browser agree.').waitFor();
  await found.getByText(/^Its token reads \d+ projects?\.$/).waitFor();
  await found.getByText('Nothing can be written to the store through Grafana.').waitFor();
  await found.getByText(/^It has no label token/).waitFor();
  expect(await axeFindings(page, 'main')).toEqual([]);
  await page.getByRole('button', { name: 'Look closer at Store gone' }).click();
  await page
    .getByRole('list', { name: 'What was found of Store gone' })
    .getByText(/could not be asked/)
    .first()
    .waitFor();
  await page.close();
});

it('a closer look at who may label: with a token for that, with another, and at a store that has none', async () => {
  const [READ, LABEL] = ['read-1', 'label-1'];
  const guarded = await startStore(['--read-token', READ, '--write-token', 'write-1', '--label-token', LABEL]);
  const labelling = (uid: string, url: string, labelToken: string) =>
    source(uid, url, {
      jsonData: { httpHeaderName1: 'Authorization', labels: true },
      secureJsonData: { httpHeaderValue1: `Bearer ${READ}`, labelToken },
    });
  const sources = [
    labelling('right', guarded.url, LABEL),
    labelling('wrong', guarded.url, READ),
    labelling('open', store.url, LABEL),
  ];
  try {
    const { page } = await open(sources);
    for (const [uid, said] of [
      ['right', /^You may label rollouts through it/],
      ['wrong', /^The store takes no labels from it/],
      ['open', /^A store without tokens takes no labels through Grafana/],
    ] as const) {
      await page.getByRole('button', { name: `Look closer at Store ${uid}` }).click();
      await page
        .getByRole('list', { name: `What was found of Store ${uid}` })
        .getByText(said)
        .waitFor();
    }
    await page.close();
  } finally {
    await guarded.stop();
  }
});

it('the address for trainers: as the settings say, as someone writes it, and honest where it is a guess', async () => {
  const given = source('a', store.url, { jsonData: { trainerUrl: 'https://runs.example.com/api/v1/' } });
  const { page } = await open([given]);
  const address = page.getByLabel('Address of the store, for trainers');
  await expect.poll(() => address.inputValue(), { timeout: PATIENCE }).toBe('https://runs.example.com');
  await page.getByText('So the settings of the data source say.').waitFor();
  // The dashboards above come later than the lines, and move them.
  await page.getByRole('link', { name: 'Seed picture' }).waitFor();
  await page.getByRole('radio', { name: 'HTTP' }).click();
  await expect.poll(() => lines(page), { timeout: PATIENCE }).toContain('curl');
  await address.fill('runs.example.com');
  await page.getByText('An address begins with http:// or https:// and a name.').waitFor();
  await address.fill("http://node-7:8900/it's");
  await expect
    .poll(() => lines(page), { timeout: PATIENCE })
    .toContain(`'http://node-7:8900/it'\\''s/api/v1/runs/first-run/log'`);
  await page.close();

  const viewer = await open([source('a', store.url)], { query: '?role=Viewer' });
  await viewer.page.getByText('Grafana does not tell you where the store is.').waitFor();
  expect(await viewer.page.getByRole('button', { name: /^Import/ }).count()).toBe(0);
  await viewer.page.getByText('whoever may create dashboards imports them').waitFor();
  expect(viewer.errors).toEqual([]);
  await viewer.page.close();
});

it('without a data source it says how to add one', async () => {
  const { page } = await open([]);
  const add = page.getByRole('link', { name: 'Add a data source' });
  expect(await add.getAttribute('href')).toBe('/connections/datasources/rolloscope-runs-datasource');
  await page.close();
});

it.each(['dark', 'light'])('is usable by keyboard and screen reader, and in 390 px, in the %s theme', async (theme) => {
  const { page } = await open([source('a', store.url)], { query: `?theme=${theme}`, width: 390 });
  await page.getByText(/Connected/).waitFor();
  expect(await axeFindings(page, 'main')).toEqual([]);
  const beyond = await page
    .locator('main *')
    .evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML),
    );
  expect(beyond).toEqual([]);

  await page.getByLabel('Address of the store, for trainers').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => lines(page), { timeout: PATIENCE }).toContain('MLFLOW_TRACKING_URI');
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(await focused()).toBe('Copy the lines for MLflow');
  await page.close();
});
