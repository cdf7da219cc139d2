import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, panel } from './dashboard';
import { openPage, type Stack } from './harness';
import { logRows } from './panelData';
import { startPanelStack } from './panelStack';

const datasource = { type: 'rolloscope-runs-datasource', uid: 'store' };
const RUNS = ['a', 'b', 'c'];

/** A list of runs whose ticks choose what the panel beside it shows. */
const ofRuns = (uid: string, options: object) => ({
  uid,
  run: '',
  options: { columns: ['name', 'state'], ...options },
  width: 10,
  panel: {
    targets: [{ refId: 'A', datasource, version: 2, queryType: 'runs', runs: { by: 'filter', project: 'panel' } }],
  },
  dashboard: {
    templating: {
      list: [
        { name: 'run', type: 'custom', multi: true, query: RUNS.join(','), current: { value: ['a'], text: ['a'] } },
      ],
    },
    panels: [
      {
        id: 2,
        type: 'rolloscope-rollouts-panel',
        title: '',
        datasource,
        gridPos: { x: 10, y: 0, w: 14, h: 16 },
        targets: [
          {
            refId: 'A',
            datasource,
            version: 2,
            queryType: 'rows',
            runs: { by: 'id', ids: ['$run'] },
            table: 'rollout_examples',
            rows: 'latest',
          },
        ],
        options: { columns: ['run', 'response'] },
        fieldConfig: { defaults: {}, overrides: [] },
      },
    ],
  },
});

let stack: Stack;
beforeAll(async () => {
  const dashboards = [
    ofRuns('ticks', { tickVariable: 'run', tickColumn: 'id' }),
    ofRuns('no-variable', { tickVariable: 'job', tickColumn: 'id' }),
    ofRuns('no-column', { tickVariable: 'run', tickColumn: 'key' }),
  ];
  stack = await startPanelStack(dashboards, async (store) => {
    for (const run of RUNS) {
      await logRows(store, run, 1, [[1, 0.5, 'p', `said by ${run}`]]);
    }
  });
});
afterAll(() => stack?.stop());

async function open(uid: string, query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 800);
  await opened.page.goto(`${stack.previewUrl}/d/${uid}${query}`);
  await eventually(() => panel(opened.page, 1).locator('tr[data-row]').count()).toBe(RUNS.length);
  return opened;
}

const boxOf = (page: Page, run: string) =>
  panel(page, 1).locator('tr[data-row]').filter({ hasText: run }).getByRole('checkbox');
const said = async (page: Page) =>
  (await panel(page, 2).locator('tr[data-row] td:last-child').allTextContents()).sort();
const variable = (page: Page) => new URL(page.url()).searchParams.getAll('var-run').sort();

describe('ticked rows', () => {
  it('choose the runs that other panels show; the address keeps them', async () => {
    const { page, faults } = await open('ticks');
    await eventually(() => said(page)).toEqual(['said by a']);
    expect(await boxOf(page, 'a').isChecked()).toBe(true);
    await boxOf(page, 'c').check();
    await eventually(() => said(page)).toEqual(['said by a', 'said by c']);
    expect(variable(page)).toEqual(['a', 'c']);
    expect(await page.getByRole('dialog').count()).toBe(0);

    const again = await openPage(stack.browser, 1400, 800);
    await again.page.goto(page.url());
    await eventually(() => boxOf(again.page, 'c').isChecked()).toBe(true);
    await eventually(() => said(again.page)).toEqual(['said by a', 'said by c']);
    await again.page.close();

    await boxOf(page, 'a').uncheck();
    await eventually(() => said(page)).toEqual(['said by c']);
    // A dashboard without any run shows nothing: the last one stays.
    await boxOf(page, 'c').click();
    await boxOf(page, 'b').click();
    await eventually(() => said(page)).toEqual(['said by b', 'said by c']);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('are ticked by keyboard, and follow the variable', async () => {
    const { page } = await open('ticks', '?var-run=b');
    await eventually(() => boxOf(page, 'b').isChecked()).toBe(true);
    expect(await boxOf(page, 'a').isChecked()).toBe(false);
    await panel(page, 1).locator('tr[data-row]').filter({ hasText: 'a' }).first().focus();
    await boxOf(page, 'a').focus();
    await page.keyboard.press('Space');
    await eventually(() => said(page)).toEqual(['said by a', 'said by b']);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.close();
  });

  it.each([
    ['no-variable', 'rows cannot be ticked: the dashboard has no variable job'],
    ['no-column', 'rows cannot be ticked: the table has no column key'],
  ])('are not there, and it is said why: %s', async (uid, why) => {
    const { page, faults } = await open(uid);
    await eventually(() => panel(page, 1).getByRole('note').first().textContent()).toContain(why);
    expect(await panel(page, 1).locator('tr[data-row]').getByRole('checkbox').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});
