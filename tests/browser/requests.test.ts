import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AskedOfStore, askedTwice, counts, type Question } from './askedOfStore';
import { eventually, rows, settled } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';
import { createRun, logSteps } from './trainingRun';

/** Waits until a page asks nothing more, several times. */
vi.setConfig({ testTimeout: 180_000 });

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const { storeUrl } = stack;
  await createRun(storeUrl, 'base', { tags: ['baseline'] });
  await logSteps(storeUrl, 'base', 1, 10);
  await call(storeUrl, 'POST', '/runs/base/finish', {});
  for (const id of ['goes-on', 'done']) {
    await createRun(storeUrl, id);
    await logSteps(storeUrl, id, 1, 8);
  }
  await call(storeUrl, 'POST', '/runs/done/finish', {});
}, 60_000);

afterAll(() => stack?.stop());

async function open(path: string): Promise<{ page: Page; asked: AskedOfStore; first: Question[]; faults: string[] }> {
  const { page, faults } = await openPage(stack.browser, 1440, 1900);
  const asked = new AskedOfStore(page);
  // A dashboard that refreshes when the test says so, and not by itself.
  await page.route('**/preview/dashboards', async (route) => {
    const dashboards = (await (await route.fetch()).json()) as object[];
    await route.fulfill({ json: dashboards.map((one) => ({ ...one, refresh: '' })) });
  });
  const first = await asked.during(() => page.goto(`${stack.previewUrl}/d/${path}`).then(() => settled(page)));
  return { page, asked, first, faults };
}

const refresh = (page: Page) => page.getByTestId('data-testid RefreshPicker run button').click();

const CHARTS = 5;
const OF_TABLES = ['/query/rows', '/query/distribution', '/query/facets', '/query/groups'];

/** Without what variables ask. */
const ofPanels = (questions: readonly Question[]) =>
  questions.filter(({ path }) => OF_TABLES.includes(path) || path === '/query/metrics');

const isSmall = ({ path, body }: Question) =>
  typeof body.since === 'string' && (path !== '/query/rows' || body.limit === 0);

function expectNoNews(questions: readonly Question[]): void {
  expect(questions.filter((one) => ofPanels([one]).length > 0 && !isSmall(one))).toEqual([]);
  const { '/query/rows': ofRows = 0, '/query/metrics': ofMetrics = 0 } = counts(questions);
  expect(ofRows).toBe(1);
  expect(ofMetrics).toBeLessThanOrEqual(CHARTS);
  expect(askedTwice(questions)).toEqual([]);
  expect(questions.filter(({ isAborted }) => isAborted)).toEqual([]);
}

describe('the run overview', () => {
  it('asks nothing twice at first, and on a refresh without news one small thing a panel', async () => {
    const { page, asked, first, faults } = await open('rolloscope-run-overview?var-run=done');
    expect(askedTwice(first)).toEqual([]);
    // One page by the data source, and what the bar of the step wants to know of its neighbours.
    expect(counts(first)).toMatchObject({ '/query/distribution': 1, '/query/facets': 1 });
    expect(first.filter(({ path, body }) => path === '/query/rows' && body.limit !== 1)).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      const questions = await asked.during(() => refresh(page));
      expectNoNews(questions);
      expect(questions.length).toBeLessThanOrEqual(14);
    }
    expect([asked.refused, faults]).toEqual([[], []]);
    await page.close();
  });

  it('asks for no more than what is new while the run goes on', async () => {
    const { page, asked } = await open('rolloscope-run-overview?var-run=goes-on');
    expectNoNews(await asked.during(() => refresh(page)));
    await logSteps(stack.storeUrl, 'goes-on', 9, 9);
    const questions = await asked.during(() => refresh(page));
    await eventually(async () => (await rows(page))[0]?.[4]).toBe('goes-on 9 0');
    expect(askedTwice(questions)).toEqual([]);
    const ofRows = questions.filter(({ path }) => path === '/query/rows');
    expect(ofRows.filter(({ body }) => body.limit === 0 || Number(body.limit) > 1)).toHaveLength(2);
    // The status reads its one metric whole when its run says that something came.
    const ofCharts = questions.filter(({ path, body }) => path === '/query/metrics' && body.x !== undefined);
    expect(ofCharts.filter((one) => !isSmall(one))).toEqual([]);
    expect(counts(questions)['/query/distribution']).toBeLessThanOrEqual(1);
    if (counts(questions)['/query/facets'] === undefined) {
      // Lenses are counted anew but every 15 s.
      const count = (request: { url(): string }) => request.url().includes('/query/facets');
      await asked.during(() => page.waitForRequest(count, { timeout: 60_000 }));
    }
    expectNoNews(await asked.during(() => refresh(page)));
    await page.close();
  });

  it('asks for the page of a step once, and nothing anew when it comes back', async () => {
    const { page, asked } = await open('rolloscope-run-overview?var-run=done');
    const step = page.getByLabel('Step (empty: latest)');
    const enter = async (text: string) => {
      await step.fill(text);
      await step.press('Enter');
    };
    const chosen = await asked.during(() => enter('3'));
    await eventually(async () => (await rows(page))[0]?.[4]).toBe('done 3 1');
    expect(askedTwice(chosen)).toEqual([]);
    expect(chosen.filter(({ path, body }) => path === '/query/rows' && Number(body.limit) > 1)).toHaveLength(1);
    const back = await asked.during(() => enter(''));
    await eventually(async () => (await rows(page))[0]?.[4]).toBe('done 8 0');
    expect(back.filter(({ path, body }) => path === '/query/rows' && Number(body.limit) > 1)).toEqual([]);
    await page.close();
  });

  it('asks anew for another time range only what goes by time', async () => {
    const { page, asked } = await open('rolloscope-run-overview?var-run=done');
    const questions = await asked.during(async () => {
      await page.evaluate(() => {
        const { search } = location;
        history.pushState({}, '', `${search.replace(/[?&]from=[^&]*/, '')}&from=now-2d&to=now`);
        dispatchEvent(new PopStateEvent('popstate'));
      });
    });
    const whole = ofPanels(questions).filter((one) => !isSmall(one));
    expect(whole.map(({ body }) => body.x)).toEqual(whole.map(() => 'time'));
    expect(whole.length).toBeGreaterThan(0);
    expect(askedTwice(questions)).toEqual([]);
    await page.close();
  });

  it('asks nothing while nobody looks', async () => {
    const { page, asked } = await open('rolloscope-run-overview?var-run=goes-on&refresh=5s');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await asked.during(async () => {});
    expect(await asked.during(() => page.waitForTimeout(11_000))).toEqual([]);
    await page.close();
  });
});

describe('the other dashboards', () => {
  it.each([
    ['rolloscope-seed-picture?var-run=done', 4],
    ['rolloscope-regression?var-run=done', 8],
    ['rolloscope-fleet', 0],
  ])('%s asks nothing twice, and little on a refresh', async (path, most) => {
    const { page, asked, first } = await open(path);
    // What Grafana gives up while it lays the page out, it asks again.
    expect(askedTwice(first.filter(({ isAborted }) => !isAborted))).toEqual([]);
    const questions = await asked.during(() => refresh(page));
    expect(askedTwice(questions)).toEqual([]);
    expect(questions.length).toBeLessThanOrEqual(most + 2);
    expect(asked.refused).toEqual([]);
    await page.close();
  });

  it('Fleet reads the list of runs once on a refresh: its table, and not the variable of its ticks as well', async () => {
    const { page, asked } = await open('rolloscope-fleet');
    expect(counts(await asked.during(() => refresh(page)))['/query/runs']).toBe(1);
    await page.close();
  });
});
