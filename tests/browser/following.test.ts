import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, panelErrors, rows } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';
import { createRun, logSteps } from './trainingRun';

/** Explore, live queries and annotations in the preview: the built data source over a real store. */
vi.setConfig({ testTimeout: 60_000 });

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await createRun(stack.storeUrl, 'r');
  await logSteps(stack.storeUrl, 'r', 1, 6);
});
afterAll(() => stack?.stop());

async function open(path: string): Promise<{ page: Page; faults: string[]; asked: string[] }> {
  const opened = await openPage(stack.browser, 1300, 900);
  const asked: string[] = [];
  opened.page.on('request', (request) => {
    const [, path] = request.url().split('/api/v1');
    if (path !== undefined) {
      asked.push(`${path} ${request.postData() ?? ''}`);
    }
  });
  await opened.page.goto(stack.previewUrl + path);
  return { ...opened, asked };
}

const explore = (query: object) =>
  `/explore/rolloscope?${new URLSearchParams({ queries: JSON.stringify([{ refId: 'A', version: 2, ...query }]) })}`;
const ofRun = (run: string) => ({ runs: { by: 'id', ids: [run] } });
const shown = (page: Page) =>
  page.locator('[data-panel-plugin]').evaluateAll((all) => all.map((one) => one.getAttribute('data-panel-plugin')));

describe('Explore', () => {
  it('shows steps in Trend, times as a graph, rows in our panel, and tables as tables', async () => {
    const metrics = { queryType: 'metrics', ...ofRun('r'), metrics: ['critic/rewards/mean'] };
    const rowsOf = { queryType: 'rows', ...ofRun('r'), table: 'rollouts', rows: 'latest' };
    for (const [query, plugin] of [
      [{ ...metrics, x: { by: 'step' } }, 'trend'],
      [{ ...metrics, x: { by: 'time' } }, 'timeseries'],
      [rowsOf, 'rolloscope-rollouts-panel'],
      [{ queryType: 'runs', ...ofRun('r') }, 'table'],
    ] as const) {
      const { page, faults } = await open(explore(query));
      await eventually(() => shown(page)).toEqual([plugin]);
      if (plugin === 'rolloscope-rollouts-panel') {
        await eventually(async () => (await rows(page)).length).toBeGreaterThan(0);
      }
      expect([await panelErrors(page), faults]).toEqual([[], []]);
      await page.close();
    }
  });

  it('takes a panel’s queries over, with their variables filled in', async () => {
    const { page } = await open('/d/rolloscope-run-overview?var-run=r&refresh=');
    await page.locator('[data-panel="panel-2"] canvas').first().waitFor();
    await page.locator('[data-panel="panel-2"]').hover();
    await page
      .getByTestId('trend-panel-2')
      .getByTestId(/Panel menu/)
      .click();
    await page.getByRole('menuitem', { name: 'Explore' }).click();
    await page.waitForURL(/\/explore\/rolloscope/);
    const queries = new URL(page.url()).searchParams.get('queries') ?? '';
    expect(JSON.parse(queries)[0].runs).toEqual({ by: 'id', ids: ['r'] });
    await eventually(() => shown(page)).toEqual(['trend']);
    await page.close();
  });
});

describe('a query that follows its run', () => {
  const live = (run: string) =>
    explore({ queryType: 'metrics', ...ofRun(run), metrics: ['critic/rewards/mean'], x: { by: 'step' }, live: true });
  const ticks = (asked: string[]) => asked.filter((one) => one.includes('"since"'));

  it('asks for what came after, never loads anew, stops in the background, and ends with the run', async () => {
    await createRun(stack.storeUrl, 'live');
    await logSteps(stack.storeUrl, 'live', 1, 3);
    const { page, faults, asked } = await open(live('live'));
    const chart = page.locator('[data-panel-plugin=trend]');
    await chart.locator('canvas').first().waitFor();
    const canvases = new Set<unknown>();
    const states = new Set<string | null>();
    const state = () => chart.getAttribute('data-panel-state');
    for (let step = 4; step <= 6; step++) {
      const before = ticks(asked).length;
      await logSteps(stack.storeUrl, 'live', step, step);
      await eventually(async () => {
        states.add(await state());
        return ticks(asked).length;
      }).toBeGreaterThan(before);
      await page.waitForTimeout(300);
      canvases.add(
        await chart
          .locator('canvas')
          .first()
          .evaluate((element) => {
            element.dataset.mark ??= String(Math.random());
            return element.dataset.mark;
          }),
      );
    }
    expect([...states]).toEqual(['Streaming']);
    // The chart that was there is the chart that is there: nothing flickered.
    expect(canvases.size).toBe(1);
    expect(asked.filter((one) => one.startsWith('/query/metrics') && !one.includes('"since"'))).toHaveLength(1);

    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    });
    await page.waitForTimeout(2_500);
    const whileHidden = ticks(asked).length;
    await page.waitForTimeout(4_500);
    expect(ticks(asked).length).toBeLessThanOrEqual(whileHidden + 1);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await eventually(async () => ticks(asked).length).toBeGreaterThan(whileHidden + 1);

    await call(stack.storeUrl, 'POST', '/runs/live/finish', {});
    await eventually(state).toBe('Done');
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('annotations', () => {
  it('tell what happened, and lead to the rollouts of its step', async () => {
    const events = [
      { type: 'checkpoint', time: Date.now() - 20_000, step: 3, title: '<b>Saved</b> <img src=x onerror=alert(1)>' },
      { type: 'crash', time: Date.now() - 15_000, title: 'Out of memory' },
      { type: 'reopen', time: Date.now() - 10_000, title: 'Went on' },
    ];
    await call(stack.storeUrl, 'POST', '/runs/r/events', { events });
    const { page, faults } = await open('/d/rolloscope-run-overview?var-run=r&from=now-2m&to=now&refresh=');
    const chart = page.locator('[data-panel="panel-7"]');
    await chart.scrollIntoViewIfNeeded();
    await eventually(() => chart.getByRole('button', { name: /^Annotation:/ }).count()).toBeGreaterThanOrEqual(4);
    await chart.getByRole('button', { name: /Saved/ }).hover();
    const tooltip = chart.getByRole('tooltip');
    // What was logged is text, also where Grafana shows HTML.
    expect(await tooltip.textContent()).toContain('<b>Saved</b> <img src=x onerror=alert(1)>');
    expect(await tooltip.locator('img').count()).toBe(0);
    await tooltip.getByRole('link', { name: 'Rollouts of this step' }).click();
    await page.waitForURL(/var-step=3\b/);
    await eventually(async () => (await rows(page))[0]?.[4]).toMatch(/^r 3 /);
    expect(faults).toEqual([]);
    await page.close();
  });
});
