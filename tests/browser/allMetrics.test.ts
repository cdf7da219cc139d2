import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { eventually, panelErrors } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';

const STEPS = 60;
/** Of a run of a common trainer. */
const FEW = [
  ...['eval/accuracy/mean', 'eval/n_prompts', 'critic/rewards/mean', 'critic/rewards/max', 'critic/kl', 'actor/lr'],
  ...['actor/pg_loss', 'actor/grad_norm', 'actor/entropy', 'response_length/mean', 'timing_s/gen', 'timing_s/step'],
  ...['loss', 'frac_reward_zero_std'],
];
const MANY = Array.from({ length: 500 }, (_, i) => `part_${i % 10}/metric_${String(i).padStart(3, '0')}`);

let stack: Stack;

/** `actor/grad_norm` is not a number at step 20; `critic/kl` is 0 once. */
function logged(name: string, step: number, of: number): number | string {
  switch (name) {
    case 'actor/grad_norm':
      return step === 20 ? 'NaN' : 1 + (step % 7);
    case 'critic/kl':
      return step === 30 ? 0 : 10 ** (step / 20);
    case 'eval/n_prompts':
      return 200;
    default:
      return of + Math.sin(step / 9 + name.length) / 3;
  }
}

async function log(run: string, names: readonly string[], from: number, to: number, of = 1): Promise<void> {
  const entries = Array.from({ length: to - from + 1 }, (_, i) => from + i).map((step) => ({
    step,
    metrics: Object.fromEntries(names.map((name) => [name, logged(name, step, of)])),
  }));
  await call(stack.storeUrl, 'POST', `/runs/${run}/log`, { entries });
}

beforeAll(async () => {
  stack = await startStack();
  const { storeUrl } = stack;
  for (const [run, project, names] of [
    ['few', 'few', FEW],
    ['other', 'few', FEW],
    ['many', 'many', MANY],
    ['live', 'live', FEW],
  ] as const) {
    await call(storeUrl, 'PUT', `/runs/${run}`, { project });
    await log(run, names, 1, STEPS, run === 'other' ? 3 : 1);
    if (run !== 'live') {
      await call(storeUrl, 'POST', `/runs/${run}/finish`, {});
    }
  }
  await call(storeUrl, 'PUT', '/runs/bare', { project: 'bare' });
});

afterAll(() => stack?.stop());

interface Asked {
  path: string;
  metrics: string[];
  since?: string;
}

async function open(query: string, width = 1440, height = 1000) {
  const { page, faults } = await openPage(stack.browser, width, height);
  const asked: Asked[] = [];
  page.on('request', (request) => {
    const [, path] = /api\/v1\/query\/(metrics|metric-list)$/.exec(request.url()) ?? [];
    if (path) {
      const { metrics = [], since } = request.postDataJSON() as Partial<Asked>;
      asked.push({ path, metrics, ...(since && { since }) });
    }
  });
  await page.goto(`${stack.previewUrl}/d/rolloscope-all-metrics?${query}`);
  return { page, faults, asked };
}

const FEW_RUN = 'var-project=few&var-run=few';
const figures = (page: Page) => page.locator('figure[data-metric]');
const figure = (page: Page, metric: string) => page.locator(`figure[data-metric="${metric}"]`);
const plot = (page: Page, metric: string) => figure(page, metric).locator('div > svg').first();
const lines = (page: Page, metric: string) => figure(page, metric).locator('[data-line] > path:not([data-odd])');
const settings = (page: Page) => new URL(page.url()).searchParams.get('metrics-1') ?? '';
const drawn = (page: Page, metric: string) => eventually(() => lines(page, metric).count()).toBeGreaterThan(0);
const metricRequests = (asked: readonly Asked[]) => asked.filter(({ path }) => path === 'metrics');

describe('all metrics', { timeout: 120_000 }, () => {
  it('have a chart each, three in a row, in sections by prefix, asked for at once', async () => {
    const { page, faults, asked } = await open(FEW_RUN, 1500, 2400);
    await eventually(() => figures(page).count()).toBe(FEW.length);
    await drawn(page, 'eval/accuracy/mean');
    const heads = await page.locator('section h3').allTextContents();
    expect(heads).toEqual(['eval2', 'Without a prefix2', 'actor4', 'critic3', 'response_length1', 'timing_s2']);
    const tops = await page
      .locator('section[aria-label=actor] figure')
      .evaluateAll((list) => list.map((one) => Math.round(one.getBoundingClientRect().top)));
    expect(new Set(tops.slice(0, 3)).size).toBe(1);
    expect(tops[3]).toBeGreaterThan(tops[0] ?? 0);
    // Each has a scale of its own.
    const ticks = (metric: string) => figure(page, metric).locator('text').allTextContents();
    expect(await ticks('eval/n_prompts')).toContain('200');
    expect(await ticks('actor/grad_norm')).not.toContain('200');
    expect(metricRequests(asked)).toHaveLength(1);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it('mark what is not a number, and break the line there', async () => {
    const { page } = await open(FEW_RUN, 1500, 2400);
    await drawn(page, 'actor/grad_norm');
    const norm = figure(page, 'actor/grad_norm');
    expect(await norm.locator('[data-odd=NaN] title').textContent()).toBe('NaN at step 20 · few');
    expect(await norm.textContent()).toContain('1 × NaN');
    expect((await lines(page, 'actor/grad_norm').first().getAttribute('d'))?.match(/M/g)).toHaveLength(2);
    await page.close();
  });

  it('of 500 ask for those in view alone; a refresh of a finished run asks for none', async () => {
    const { page, faults, asked } = await open('var-project=many&var-run=many', 1440, 900);
    await eventually(() => figures(page).count()).toBe(500);
    await drawn(page, 'part_0/metric_000');
    const first = metricRequests(asked).flatMap(({ metrics }) => metrics);
    expect(first.length).toBeLessThan(30);
    const before = asked.length;
    const refreshed = page.waitForResponse(/\/query\/runs$/, { timeout: 60_000 });
    await refreshed;
    await page.waitForResponse(/\/query\/runs$/, { timeout: 60_000 });
    expect(asked.length).toBe(before);
    await figure(page, 'part_9/metric_499').scrollIntoViewIfNeeded();
    await drawn(page, 'part_9/metric_499');
    const all = metricRequests(asked).flatMap(({ metrics }) => metrics);
    // What was flown over was not asked for, and nothing was asked for twice.
    expect(all.length).toBeLessThan(100);
    expect(new Set(all).size).toBe(all.length);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('are searched, smoothed and put on a logarithmic scale all at once, and the address says so', async () => {
    const { page } = await open(FEW_RUN, 1500, 2400);
    await drawn(page, 'critic/kl');
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await eventually(() => figure(page, 'critic/kl').locator('text').allTextContents()).toContain('1000');
    expect(await figure(page, 'critic/kl').textContent()).toContain('1 ≤ 0');
    await page.getByLabel('Smoothing').fill('0.6');
    await eventually(() => lines(page, 'loss').count()).toBe(2);
    await page.getByLabel('Search metrics').fill('GEN');
    await eventually(() =>
      figures(page).evaluateAll((list) => list.map((one) => one.getAttribute('data-metric'))),
    ).toEqual(['timing_s/gen']);
    expect(await page.getByRole('status').filter({ hasText: 'metric' }).textContent()).toBe(
      `1 of ${FEW.length} metrics`,
    );
    await eventually(async () => settings(page)).toBe('search.GEN~log.on~smooth.0.6');
    await page.reload();
    await drawn(page, 'timing_s/gen');
    expect(await figures(page).count()).toBe(1);
    expect(await lines(page, 'timing_s/gen').count()).toBe(2);
    expect(await page.getByLabel('Search metrics').inputValue()).toBe('GEN');
    await page.close();
  });

  it('of two runs share one crosshair, which tells both values in every chart', async () => {
    const { page } = await open(`${FEW_RUN}&var-run=other`, 1500, 2400);
    await eventually(() => lines(page, 'loss').count()).toBe(2);
    await plot(page, 'loss').hover({ position: { x: 200, y: 60 } });
    const place = (metric: string) =>
      figure(page, metric).locator('span').filter({ hasText: /^\d+$/ }).last().textContent();
    const step = await place('loss');
    expect(await place('critic/rewards/mean')).toBe(step);
    const value = (of: number) => String(Number((of + Math.sin(Number(step) / 9 + 4) / 3).toPrecision(4)));
    expect(await figure(page, 'loss').locator('figcaption').textContent()).toContain(value(1));
    expect(await figure(page, 'loss').locator('figcaption').textContent()).toContain(value(3));
    await page.close();
  });

  it('are read with the keyboard: search, crosshair, one alone and back to its place', async () => {
    const { page, faults } = await open(FEW_RUN, 1440, 900);
    await drawn(page, 'eval/accuracy/mean');
    await figure(page, 'timing_s/gen').focus();
    await drawn(page, 'timing_s/gen');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => figure(page, 'timing_s/gen').textContent()).toContain(String(STEPS - 1));
    await page.keyboard.press('Enter');
    await eventually(() => figures(page).count()).toBe(1);
    await eventually(async () => settings(page)).toBe('only.timing_s%2Fgen');
    expect(await page.locator('figure table td').allTextContents()).toContain('few');
    await page.keyboard.press('Escape');
    await eventually(() => figures(page).count()).toBe(FEW.length);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-metric'))).toBe('timing_s/gen');
    await page.keyboard.press('/');
    await page.keyboard.type('kl');
    await eventually(() => figures(page).count()).toBe(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('have an address each, and Back leads from one to all', async () => {
    const { page } = await open(FEW_RUN, 1440, 900);
    await drawn(page, 'eval/accuracy/mean');
    const link = figure(page, 'eval/accuracy/mean').getByRole('link');
    const address = await link.getAttribute('href');
    await link.click();
    await eventually(() => figures(page).count()).toBe(1);
    await page.goBack();
    await eventually(() => figures(page).count()).toBe(FEW.length);
    await page.goto(stack.previewUrl + address);
    await eventually(() => page.locator('figure table').count()).toBe(1);
    const rollouts = page.getByRole('link', { name: `of step ${STEPS}` });
    expect(await rollouts.getAttribute('href')).toContain(`var-run=few&var-step=${STEPS}`);
    const toRule = await page.locator('figure table').getByRole('link', { name: 'Alert on this' }).getAttribute('href');
    expect(decodeURIComponent(toRule ?? '')).toMatch(/^\/alerting\/new\/alerting\?.*eval\/accuracy\/mean/);
    await page.close();
  });

  it('show a part of the steps after a drag, and all after a double click', async () => {
    const { page, asked } = await open(FEW_RUN, 1440, 900);
    await drawn(page, 'eval/accuracy/mean');
    const box = await plot(page, 'eval/accuracy/mean').boundingBox();
    const [x, y] = [(box?.x ?? 0) + 150, (box?.y ?? 0) + 60];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => settings(page)).toMatch(/^range\.\d+!\d+$/);
    await eventually(async () => metricRequests(asked).length).toBe(2);
    await page.mouse.dblclick(x, y);
    await eventually(async () => settings(page)).toBe('');
    await page.close();
  });

  it('go on while the run does, by what came since', async () => {
    const { page, asked } = await open('var-project=live&var-run=live', 1440, 900);
    await drawn(page, 'eval/accuracy/mean');
    const d = () => lines(page, 'eval/accuracy/mean').first().getAttribute('d');
    const before = await d();
    await log('live', FEW, STEPS + 1, STEPS + 20);
    await eventually(d).not.toBe(before);
    expect(metricRequests(asked).at(-1)?.since).toBeTruthy();
    await page.close();
  });

  it('say so where nothing is logged yet', async () => {
    const { page } = await open('var-project=bare&var-run=bare');
    await eventually(() => page.getByText('No metrics logged yet').count()).toBe(1);
    await page.close();
  });

  it.each(['dark', 'light'])('fit a phone, one beside none, without a fault that axe finds: %s', async (theme) => {
    const { page } = await open(`${FEW_RUN}&var-run=other&theme=${theme}`, 390, 844);
    await drawn(page, 'eval/accuracy/mean');
    const widths = await figures(page).evaluateAll((list) => list.map((one) => one.getBoundingClientRect().right));
    expect(Math.max(...widths)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
