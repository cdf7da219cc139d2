import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawnTexts, eventually, keepDrawnTexts, panel } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { createRun, logSteps } from './trainingRun';

vi.setConfig({ testTimeout: 120_000 });

const datasource = { type: 'rolloscope-runs-datasource', uid: 'store' };
/** As the editor begins it, for a run: no axis is chosen. */
const QUERY = { refId: 'A', datasource, version: 2, queryType: 'metrics', runs: { by: 'id', ids: ['grpo'] } };

const PANELS = [
  { id: 2, type: 'timeseries', query: { metrics: ['critic/rewards/mean'] } },
  { id: 3, type: 'trend', query: { metrics: ['critic/rewards/mean'] }, options: { xField: 'Step' } },
  { id: 4, type: 'trend', query: { metrics: ['critic/reward/mean'] }, options: { xField: 'Step' } },
  { id: 5, type: 'trend', query: { metrics: ['m'], runs: { by: 'id', ids: ['grp'] } }, options: { xField: 'Step' } },
  { id: 6, type: 'trend', query: { metrics: ['m'], runs: { by: 'id', ids: [''] } }, options: { xField: 'Step' } },
  { id: 7, type: 'stat', query: { metrics: ['critic/rewards/mean'] } },
  { id: 8, type: 'stat', query: { metrics: ['critic/rewards/mean'], x: { by: 'time' } } },
];

let stack: Stack;
let page: Page;
let faults: string[];

beforeAll(async () => {
  const panels = PANELS.map(({ id, type, query, options }, i) => ({
    id,
    type,
    title: `${type} ${id}`,
    datasource,
    gridPos: { x: 12 * (i % 2), y: 20 + 8 * Math.floor(i / 2), w: 12, h: 8 },
    targets: [{ ...QUERY, ...query }],
    options: { legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] }, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
  }));
  stack = await startPanelStack([{ uid: 'new', run: 'grpo', dashboard: { panels, refresh: '' } }], async (storeUrl) => {
    await createRun(storeUrl, 'grpo');
    await logSteps(storeUrl, 'grpo', 1, 8);
  });
  ({ page, faults } = await openPage(stack.browser, 1440, 2200));
  await keepDrawnTexts(page);
  await page.goto(`${stack.previewUrl}/d/new`);
}, 120_000);

afterAll(() => stack?.stop());

const textOf = (id: number) => panel(page, id).textContent();

describe('a query without an axis', () => {
  it('is by time in a panel that draws time, and by step in one that does not', async () => {
    await eventually(() => drawnTexts(page, 3)).toContain('8');
    await eventually(async () => (await drawnTexts(page, 2)).some((text) => /^\d\d:\d\d/.test(text))).toBe(true);
    expect(await textOf(2)).not.toMatch(/no data|missing/i);
  });
});

describe('what is not there', () => {
  it('is said in the panel, with the nearest that is', async () => {
    await eventually(() => textOf(4)).toContain('no metric "critic/reward/mean"; did you mean "critic/rewards/mean"?');
    await eventually(() => textOf(5)).toContain('No such run: "grp"; did you mean "grpo"?');
  });

  it('is no fault of the panel where no run is chosen yet', async () => {
    expect(await textOf(6)).not.toContain('Unable to find field');
  });
});

describe('figures', () => {
  it.each([7, 8])('have no step among them (panel %i)', async (id) => {
    await eventually(() => textOf(id)).toContain('0.08');
    expect(await textOf(id)).not.toMatch(/step/i);
  });
});

it('nothing broke', () => expect(faults).toEqual([]));
