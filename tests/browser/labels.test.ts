import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreview } from '../../preview/server';
import { axeFindings } from './axe';
import { launchChromium } from './chromium';
import { openPage, type Server, startStore } from './harness';
import { writeDashboards } from './panelDashboard';

let store: Server;
let previewUrl: string;
let browser: Browser;
const ends: Array<() => Promise<unknown>> = [];

const send = (method: string, path: string, body: unknown, token = 'W') =>
  fetch(`${store.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
/** As another person's browser would send it. */
const say = async (row: number, body: object) => {
  const page = await (await send('POST', '/query/rows', { runs: ['labelled'], table: 'rollout_examples' })).json();
  const answer = await send('PUT', `/labels/${(page as { rowIds: string[] }).rowIds[row]}`, body, 'L');
  expect(answer.status).toBe(200);
};

beforeAll(async () => {
  store = await startStore([
    '--read-token',
    'R',
    '--write-token',
    'W',
    '--label-token',
    'L',
    '--verdicts',
    'good,hack,unclear',
  ]);
  ends.push(() => store.stop());
  await send('PUT', '/runs/labelled', { project: 'p' });
  const rows = Array.from({ length: 6 }, (_, i) => [`What is ${i} + ${i}?`, `It is ${2 * i}.`, i / 5]);
  const entries = [{ step: 3, tables: { rollout_examples: { columns: ['prompt', 'response', 'reward'], rows } } }];
  await send('POST', '/runs/labelled/log', { entries });
  await send('POST', '/runs/labelled/finish', {});
  const folder = await writeDashboards([
    { uid: 'labels', run: 'labelled', options: { pageSize: 6 }, query: { live: true } },
  ]);
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const source = {
    ...{ name: 'store', type: 'rolloscope-runs-datasource', uid: 'store', url: store.url, isDefault: true },
    jsonData: { httpHeaderName1: 'Authorization', labels: true },
    secureJsonData: { httpHeaderValue1: 'Bearer R', labelToken: 'L' },
  };
  const preview = await createPreview({ dashboards: folder, dataSources: [source] });
  ends.push(() => preview.close());
  previewUrl = await preview.listen({ host: '127.0.0.1', port: 0 });
  browser = await launchChromium();
  ends.push(() => browser.close());
});

afterAll(async () => {
  for (const end of ends.reverse()) {
    await end();
  }
});

const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const bar = (page: Page) => reader(page).getByRole('region', { name: 'Labels' });

async function openRow(row: number, query = '?user=ada', width = 1400): Promise<Page> {
  const { page } = await openPage(browser, width, 900);
  await page.goto(`${previewUrl}/d/labels${query}`);
  await page.locator(`[data-row="${row}"]`).click();
  await bar(page).waitFor();
  return page;
}

describe('labels in the reader', () => {
  it('are given by key and by click, shown to others by name, and taken back', async () => {
    const page = await openRow(0);
    const other = await openRow(0, '?user=bob');
    await page.keyboard.press('*');
    await page.keyboard.press('2');
    const star = bar(page).getByRole('button', { name: 'Star' });
    await expect.poll(() => star.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => bar(page).getByRole('status').first().textContent()).toBe('Saved');
    const said = bar(other).getByRole('list', { name: 'What others say' });
    await expect.poll(() => said.textContent(), { timeout: 60_000 }).toMatch(/ada★hack/);
    await bar(other).getByRole('button', { name: 'good' }).click();
    await expect.poll(() => bar(page).getByText('bob').count(), { timeout: 60_000 }).toBe(1);
    await page.keyboard.press('u');
    await expect.poll(() => bar(page).getByRole('button', { name: 'hack' }).getAttribute('aria-pressed')).toBe('false');
    expect(await star.getAttribute('aria-pressed')).toBe('true');
    await bar(page)
      .getByRole('button', { name: /^History/ })
      .click();
    const history = bar(page).getByRole('list', { name: 'History of labels' });
    await expect.poll(() => history.getByRole('listitem').count()).toBe(4);
    await page.close();
    await other.close();
  });

  it('stand in a narrow column of the table, which comes by itself with the first label', async () => {
    const { page } = await openPage(browser, 1400, 900);
    await page.goto(`${previewUrl}/d/labels?user=bob`);
    await page.locator('[data-row="4"]').waitFor();
    await say(4, { person: 'ada', star: true, verdict: 'hack' });
    await say(4, { person: 'cy', star: true, verdict: 'good' });
    const cell = page
      .locator('[data-row="4"]')
      .getByRole('img', { name: /^2 stars; good, the newest of 2 different verdicts; by ada, cy$/ });
    await expect.poll(() => cell.textContent(), { timeout: 60_000 }).toBe('★2 good ≠');
    const lens = page.getByRole('button', { name: /^Verdicts differ/ });
    await expect.poll(() => lens.isEnabled(), { timeout: 60_000 }).toBe(true);
    await lens.click();
    await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
    const pictures = process.env.LABEL_PICTURES;
    if (pictures) {
      await page.screenshot({ path: join(pictures, 'column.png') });
    }
    // A tooltip stands outside of what is ours.
    await page.mouse.move(300, 500);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
    expect(await axeFindings(page, 'section[aria-label^="Rollouts"]')).toEqual([]);
    await page.close();
  });

  it('keep a comment that could not be saved, and one that was left', async () => {
    const page = await openRow(1);
    await page.keyboard.press('e');
    const text = bar(page).getByRole('textbox', { name: 'Comment' });
    await text.fill('It counts <b>its own</b> tests.');
    await text.press('Escape');
    expect(await reader(page).count()).toBe(1);
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await bar(page).getByRole('button', { name: 'Comment' }).click();
    expect(await text.inputValue()).toBe('It counts <b>its own</b> tests.');
    await page.route('**/api/v1/labels/**', (route) =>
      route.request().method() === 'PUT' ? route.fulfill({ status: 502, body: 'Bad Gateway' }) : route.continue(),
    );
    await bar(page).getByRole('button', { name: 'Save comment' }).click();
    await expect
      .poll(() => bar(page).getByRole('alert').textContent())
      .toContain('Not saved: The run store does not answer');
    expect(await text.inputValue()).toBe('It counts <b>its own</b> tests.');
    await page.unroute('**/api/v1/labels/**');
    await text.press('Control+Enter');
    await expect.poll(() => text.count()).toBe(0);
    expect(await bar(page).textContent()).toContain('It counts <b>its own</b> tests.');
    await page.close();
  });

  it('are read, and not given, by a Viewer, who is told why', async () => {
    await say(2, { person: 'cy', verdict: 'hack', comment: '\u202eodd' });
    const page = await openRow(2, '?user=vic&role=Viewer');
    expect(await bar(page).textContent()).toContain('Viewers read labels; Editors and Admins give them.');
    expect(await bar(page).textContent()).toContain('\\u202eodd');
    expect(await bar(page).getByRole('button', { name: 'Star' }).count()).toBe(0);
    await page.keyboard.press('*');
    await page.keyboard.press('1');
    await page.keyboard.press('e');
    expect(await bar(page).getByRole('textbox').count()).toBe(0);
    await page.close();
  });

  it.each([
    ['dark', 1400],
    ['light', 1400],
    ['dark', 700],
    ['light', 500],
  ])('are free of faults of accessibility, %s, %d wide', async (theme, width) => {
    await say(3, {
      person: 'cy',
      star: true,
      verdict: 'hack',
      comment: 'Reads the tests, and answers what they want.',
    });
    await say(3, { person: 'bob', verdict: 'good' });
    await say(3, { person: 'ada', star: true, verdict: 'unclear', comment: 'Look at the last turn.' });
    const page = await openRow(3, `?user=ada&theme=${theme}`, width);
    await bar(page)
      .getByRole('button', { name: /^History/ })
      .click();
    const pictures = process.env.LABEL_PICTURES;
    if (pictures) {
      await page.screenshot({ path: join(pictures, `labels-${theme}-${width}.png`) });
    }
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('e');
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
