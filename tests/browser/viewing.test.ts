import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, headers, rows, showsRange } from './dashboard';
import { openPage, type Stack } from './harness';
import { logRows } from './panelData';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

let stack: Stack;
const ANSWERS = Array.from({ length: 12 }, (_, i) => [1 + (i % 3), i / 10, `Question ${i}?`, `answer number ${i}`]);

beforeAll(async () => {
  const options = { pageSize: 4 };
  stack = await startPanelStack(
    [
      { uid: 'view', run: 'view', rows: 'all', options },
      { uid: 'grows', run: 'grows', rows: 'all', options },
      { uid: 'odd', run: 'odd', options },
    ],
    async (store) => {
      await logRows(store, 'view', 3, ANSWERS);
      await logRows(
        store,
        'grows',
        1,
        ANSWERS.map(([, ...row]) => [1, ...row]),
      );
      await call(store, 'PUT', '/runs/odd', { project: 'panel' });
      const table = {
        columns: ['points', 'prompt', 'response'],
        rows: [-1, 1, -1, 1].map((points, i) => [points, 'p', `r${i}`]),
      };
      await call(store, 'POST', '/runs/odd/log', { entries: [{ step: 1, tables: { rollout_examples: table } }] });
    },
  );
});
afterAll(() => stack?.stop());

async function open(uid: string, path = `/d/${uid}`): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 900);
  await opened.page.goto(stack.previewUrl + path);
  return opened;
}
const view = (page: Page) => new URL(page.url()).searchParams.get('rollouts-1');
const lens = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Lenses' }).getByRole('button', { name: new RegExp(`^${name} `) });
const responses = async (page: Page) => (await rows(page)).map((cells) => cells[4]);

describe('what a viewer changes', () => {
  it('replaces the address: Back leaves the dashboard, and Forward shows the same again', async () => {
    const { page, faults } = await open('', '/');
    await page.getByRole('link', { name: 'view', exact: true }).click();
    await showsRange(page, '1 - 4 of 12');
    await page.getByLabel('Search all texts').fill('number 1');
    await showsRange(page, '1 - 3 of 3');
    await lens(page, 'Best').click();
    await showsRange(page, '1 - 1 of 1');
    await page.locator('[data-row="0"]').click();
    await eventually(async () => view(page)).toMatch(/^lens\.best~search\.plain!number%201~.*row\./);
    await page.goBack();
    await eventually(async () => new URL(page.url()).pathname).toBe('/');
    await page.goForward();
    await eventually(() => page.getByRole('dialog').textContent()).toContain('answer number 11');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('narrows by every column that is filtered, and within one by its range and its values', async () => {
    const { page, faults } = await open('view');
    await showsRange(page, '1 - 4 of 12');
    const filterBy = async (name: string) => {
      await page
        .locator('thead th')
        .filter({ hasText: new RegExp(`^${name}`) })
        .getByLabel('Column menu')
        .focus();
      await page.keyboard.press('Enter');
      return page.getByRole('form', { name: `Filter ${name}` });
    };
    const reward = await filterBy('reward');
    await reward.getByLabel('From').fill('0.3');
    await reward.getByLabel('To').fill('0.8');
    await page.keyboard.press('Enter');
    await showsRange(page, '1 - 4 of 6');
    await page.keyboard.press('Escape');
    const step = await filterBy('step');
    await step.getByLabel('1', { exact: true }).check({ force: true });
    await showsRange(page, '1 - 2 of 2');
    await step.getByLabel('2', { exact: true }).check({ force: true });
    await showsRange(page, '1 - 4 of 4');
    await page.keyboard.press('Escape');
    const chips = page.getByRole('list', { name: 'Filters' }).getByRole('listitem');
    expect(await chips.allTextContents()).toEqual(['reward 0.3 – 0.8', 'step is 1 or 2', 'Clear filters']);
    await page.getByLabel('Remove the filter reward 0.3 – 0.8').click();
    await showsRange(page, '1 - 4 of 8');
    await page.getByRole('button', { name: 'Reset Table' }).click();
    await showsRange(page, '1 - 4 of 12');
    await eventually(async () => view(page)).toBe(null);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is done by keyboard alone: columns shown, moved and pinned, rows turned, Reset Table', async () => {
    const { page, faults } = await open('view');
    await showsRange(page, '1 - 4 of 12');
    const press = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Columns...');
    await page.getByRole('checkbox', { name: 'prompt', exact: true }).focus();
    await page.keyboard.press('Space');
    await eventually(() => headers(page)).toEqual(['', 'step', 'reward', 'response']);
    await press('Move reward up');
    await eventually(() => headers(page)).toEqual(['', 'reward', 'step', 'response']);
    await press('Pin response to the left');
    await eventually(() => headers(page)).toEqual(['', 'response', 'reward', 'step']);
    await page.keyboard.press('Escape');
    await press('Next page');
    await showsRange(page, '5 - 8 of 12');
    await press('Reset Table');
    await showsRange(page, '1 - 4 of 12');
    await eventually(() => headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('a narrowed table of a live run', () => {
  it('counts only new rows that match, and moves nothing', { timeout: 60_000 }, async () => {
    const { page, faults } = await open('grows');
    await showsRange(page, '1 - 4 of 12');
    await page.getByLabel('Search all texts').fill('answer');
    await eventually(() => page.locator('tbody mark').count()).toBeGreaterThan(0);
    await page.getByRole('columnheader').getByRole('button', { name: 'reward', exact: true }).click();
    await page.getByRole('button', { name: 'Next page' }).click();
    await showsRange(page, '5 - 8 of 12');
    await eventually(() => responses(page)).toEqual([4, 5, 6, 7].map((i) => `answer number ${i}`));
    const before = await rows(page);
    await logRows(stack.storeUrl, 'grows', 2, [
      [2, -2, 'p', 'answer of the next step'],
      [2, -3, 'p', 'said otherwise'],
      [2, -1, 'p', 'another answer'],
      [2, 9, 'p', 'said otherwise, too'],
    ]);
    await eventually(() => page.getByRole('button', { name: '2 new rows' }).count()).toBe(1);
    expect(await rows(page)).toEqual(before);
    await page.getByRole('button', { name: '2 new rows' }).click();
    await showsRange(page, '1 - 4 of 14');
    await eventually(async () => (await responses(page)).slice(0, 2)).toEqual([
      'answer of the next step',
      'another answer',
    ]);
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('an editor', () => {
  it('says what columns stand for: colors and lenses follow', async () => {
    const { page, faults } = await open('', '/edit/odd/1');
    await showsRange(page, '1 - 4 of 4');
    const colors = () =>
      page
        .locator('tbody tr[data-row]')
        .evaluateAll((list) => new Set(list.map((row) => getComputedStyle(row).backgroundColor)).size);
    expect(await colors()).toBe(1);
    expect(await lens(page, 'Worst').count()).toBe(0);
    await page.getByLabel('Role of points').click();
    await page.getByRole('option', { name: 'reward', exact: true }).click();
    await eventually(() => colors()).toBe(2);
    await eventually(() => lens(page, 'Worst').textContent()).toBe('Worst 2');
    await lens(page, 'Worst').click();
    await showsRange(page, '1 - 2 of 2');
    expect(faults).toEqual([]);
    await page.close();
  });
});
