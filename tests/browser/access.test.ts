import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { eventually, panel, rows } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { READER_COLUMNS, readerRows } from './readerRows';
import { call } from './seedPicture';

const height = 24;
const WIDTHS = { wide: 1400, narrow: 420 };

let stack: Stack;
beforeAll(async () => {
  const options = { pageSize: 6, distribution: true };
  stack = await startPanelStack(
    [
      { uid: 'full', run: 'full', rows: 'all', options, height },
      { uid: 'empty', run: 'bare', height },
      { uid: 'strange', run: 'full', height, query: { queryType: 'runs' } },
    ],
    async (store) => {
      await call(store, 'PUT', '/runs/bare', { project: 'p' });
      await call(store, 'PUT', '/runs/full', { project: 'p' });
      const entries = [44, 45].map((step) => ({
        step,
        tables: {
          rollout_examples: { columns: READER_COLUMNS.slice(1), rows: readerRows().map((row) => row.slice(1)) },
        },
      }));
      await call(store, 'POST', '/runs/full/log', { entries });
    },
  );
});
afterAll(() => stack?.stop());

async function open(path: string, width = WIDTHS.wide): Promise<Page> {
  const { page } = await openPage(stack.browser, width, 1000);
  await page.goto(stack.previewUrl + path);
  return page;
}
const hasRows = (page: Page) => eventually(async () => (await rows(page)).length).toBeGreaterThan(0);

describe.each(['dark', 'light'])('axe finds nothing on the %s theme', { timeout: 90_000 }, (theme) => {
  it.each(['wide', 'narrow'] as const)('in the table, its menus, the reader, the group: %s', async (size) => {
    const narrowed = encodeURIComponent('search.plain!text~filter.ge%20%5B%22reward%22%2C0%5D');
    const page = await open(`/d/full?theme=${theme}&rollouts-1=${narrowed}`, WIDTHS[size]);
    await eventually(() => page.locator('tbody mark').count()).toBeGreaterThan(0);
    await eventually(() => page.locator('[aria-roledescription=heatmap]').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    for (const name of ['Columns...', 'Column menu: reward', 'Filter']) {
      const button = page.getByRole('button', { name, exact: true }).first();
      await button.focus();
      await page.keyboard.press('Enter');
      expect(await axeFindings(page), name).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('g');
    await eventually(() => page.getByRole('region', { name: 'Group', exact: true }).count()).toBe(1);
    await page.keyboard.press('?');
    await eventually(() => page.getByRole('region', { name: 'The same prompt elsewhere' }).locator('tr').count()).toBe(
      3,
    );
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('r');
    await eventually(() => page.getByRole('region', { name: 'response' }).count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });

  it('in Explore, in the options, and where there is nothing, no answer, or nothing yet', async () => {
    const query = { refId: 'A', version: 2, queryType: 'rows', runs: { by: 'id', ids: ['full'] }, rows: 'all' };
    const queries = JSON.stringify([{ ...query, table: 'rollout_examples' }]);
    const explore = await open(`/explore/store?${new URLSearchParams({ queries, theme })}`);
    await hasRows(explore);
    expect(await axeFindings(explore), 'Explore').toEqual([]);
    await explore.close();

    const edit = await open(`/edit/full/1?theme=${theme}`);
    await hasRows(edit);
    await edit.getByLabel('Role of response').first().waitFor();
    expect(await axeFindings(edit), 'options').toEqual([]);
    await edit.close();

    for (const [uid, says] of [
      ['empty', 'No rollouts'],
      ['strange', 'do not look like rollouts'],
    ] as const) {
      const page = await open(`/d/${uid}?theme=${theme}`);
      await eventually(() => panel(page, 1).textContent()).toContain(says);
      expect(await axeFindings(page), uid).toEqual([]);
      await page.close();
    }

    const page = await open(`/d/full?theme=${theme}`);
    await hasRows(page);
    await page.route('**/api/datasources/proxy/**', (route) => route.abort());
    await eventually(() => panel(page, 1).getByRole('alert').count()).toBeGreaterThan(0);
    expect(await axeFindings(page), 'an error').toEqual([]);
    await page.unroute('**/api/datasources/proxy/**');
    await page.route('**/query/rows', () => undefined);
    await page.reload();
    await page
      .locator(
        '[data-panel="panel-1"] [data-panel-state="Loading"], [data-panel="panel-1"][data-panel-state="Loading"]',
      )
      .waitFor();
    expect(await axeFindings(page), 'loading').toEqual([]);
    await page.close();
  });
});
