import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, headers, range, rows, showsRange } from './dashboard';
import { openPage, type Stack } from './harness';
import type { PanelDashboard } from './panelDashboard';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

/** 3 steps × 2 prompts × 4 rollouts of a run, and one step of its baseline. */
const COLUMNS = ['reward', 'reward_format', 'prompt', 'response', 'truncated'];
const rollout = (step: number, prompt: number, n: number) => {
  const isRight = prompt === 0 ? step !== 3 : n % 2 === 0;
  const text = `step ${step} sample ${n}: ${'so it goes on, '.repeat(20)}the answer is ${isRight ? 42 : 41}.`;
  return [Number(isRight), n === 3 ? 0 : 1, `Question ${prompt}?`, n === 1 ? `<think>${text}` : text, n === 3];
};
const version = (step: number) => ({
  step,
  tables: {
    rollout_examples: {
      columns: COLUMNS,
      rows: [0, 1].flatMap((prompt) => [0, 1, 2, 3].map((n) => rollout(step, prompt, n))),
    },
  },
});

const columns = ['step', 'reward', 'reward_format', 'prompt', 'response'];
const DASHBOARDS: PanelDashboard[] = [
  { uid: 'history', run: 'train', rows: 'all', options: { columns, pageSize: 10 } },
  // Without the run column it is any data source's frame: the panel works on what is in it.
  {
    uid: 'frame',
    run: 'train',
    rows: 'all',
    options: { columns, pageSize: 10 },
    transformations: [{ id: 'organize', options: { excludeByName: { run: true } } }],
  },
  { uid: 'sample', run: 'sample', rows: 'all' },
];

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack(DASHBOARDS, async (store) => {
    await call(store, 'PUT', '/runs/base', { project: 'table' });
    await call(store, 'POST', '/runs/base/log', { entries: [version(1)] });
    await call(store, 'PUT', '/runs/train', { project: 'table', baseline: 'base' });
    await call(store, 'POST', '/runs/train/log', { entries: [1, 2, 3].map(version) });
    const sampled = {
      columns: ['prompt', 'response', 'reward', 'sampledFrom', 'sampledBy'],
      rows: [0, 1].map((reward) => ['p', 'r', reward, 512, 'best and worst only']),
    };
    await call(store, 'PUT', '/runs/sample', { project: 'table' });
    await call(store, 'POST', '/runs/sample/log', { entries: [{ step: 46, tables: { rollout_examples: sampled } }] });
  });
});

afterAll(() => stack?.stop());

async function open(uid: string, query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 900);
  await opened.page.goto(`${stack.previewUrl}/d/${uid}${query}`);
  await eventually(async () => (await rows(opened.page)).length).toBeGreaterThan(0);
  return opened;
}

const view = (page: Page) => new URL(page.url()).searchParams.get('rollouts-1');
const lens = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Lenses' }).getByRole('button', { name: new RegExp(`^${name} `) });
const head = (page: Page, name: string) => page.locator('thead th').filter({ hasText: new RegExp(`^${name}$`) });
const column = async (page: Page, index: number) => (await rows(page)).map((cells) => cells[index] ?? '');

describe.each(['history', 'frame'])('a table, %s', (uid) => {
  it('is searched with marks, whole words, case and patterns; a pattern that is none says so', async () => {
    const { page, faults } = await open(uid);
    const box = page.getByLabel('Search all texts');
    await box.fill('ANSWER IS 41');
    await showsRange(page, '1 - 10 of 10');
    expect(await page.locator('tbody mark').first().textContent()).toBe('answer is 41');
    await page.getByLabel('Match case').click();
    await eventually(() => page.getByText('No rollouts match').count()).toBe(1);
    await page.getByRole('button', { name: 'Show all rows' }).click();
    await showsRange(page, '1 - 10 of 24');
    expect(await box.inputValue()).toBe('');

    await page.getByLabel('Match case').click();
    await page.getByLabel('Regular expression (RE2)').click();
    await box.fill('sample [02]:.*42\\.');
    await showsRange(page, '1 - 10 of 10');
    await box.fill('(');
    await eventually(() => page.getByRole('alert').textContent()).toMatch(/not valid RE2/);
    await page.getByLabel('Clear the search').click();
    await showsRange(page, '1 - 10 of 24');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is filtered by chips, which the address keeps and a link shows again', async () => {
    const { page, faults } = await open(uid);
    await head(page, 'reward').hover();
    await head(page, 'reward').getByLabel('Column menu').click();
    await page.getByRole('form', { name: 'Filter reward' }).getByLabel('0', { exact: true }).check({ force: true });
    await showsRange(page, '1 - 10 of 10');
    await page.keyboard.press('Escape');
    const chips = page.getByRole('list', { name: 'Filters' });
    await eventually(() => chips.getByRole('button', { name: 'reward = 0', exact: true }).count()).toBe(1);
    await eventually(async () => view(page)).toContain('filter.');

    const again = await openPage(stack.browser, 1400, 900);
    await again.page.goto(page.url());
    await showsRange(again.page, '1 - 10 of 10');
    await again.page.getByLabel('Remove the filter reward = 0').click();
    await showsRange(again.page, '1 - 10 of 24');
    await eventually(async () => view(again.page)).toBe(null);
    expect([faults, again.faults]).toEqual([[], []]);
    await again.page.close();
    await page.close();
  });

  it('shows what is worth reading through lenses, one click each, with counts', async () => {
    const { page, faults } = await open(uid);
    for (const [name, count] of [
      ['Worst', 10],
      ['Most spread', 12],
      ['Newly wrong', 4],
      ['Newly right', 0],
      ['Truncated', 12],
    ] as const) {
      await eventually(() => lens(page, name).textContent()).toBe(`${name} ${count}`);
    }
    await lens(page, 'Newly wrong').click();
    await showsRange(page, '1 - 4 of 4');
    expect(await lens(page, 'Newly wrong').getAttribute('aria-pressed')).toBe('true');
    expect(new Set(await column(page, 1))).toEqual(new Set(['3']));
    expect(new Set(await column(page, 4))).toEqual(new Set(['Question 0?']));
    await lens(page, 'Newly wrong').click();
    await showsRange(page, '1 - 10 of 24');
    const isStore = uid === 'history';
    expect(await lens(page, 'Wrong vs baseline').count()).toBe(isStore ? 1 : 0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is sorted by several columns, with their numbers', async () => {
    const { page } = await open(uid);
    const header = (name: string) => page.getByRole('columnheader').getByRole('button', { name, exact: true });
    await header('reward').click();
    await page
      .getByRole('columnheader')
      .getByRole('button', { name: 'step', exact: true })
      .click({ modifiers: ['Shift'] });
    await page
      .getByRole('columnheader')
      .getByRole('button', { name: /^step/ })
      .click({ modifiers: ['Shift'] });
    await eventually(() => headers(page)).toEqual(['', 'step2', 'reward1', 'reward_format', 'prompt', 'response']);
    await eventually(() => column(page, 2)).toEqual(Array(10).fill('0'));
    await eventually(() => column(page, 1)).toEqual(['3', '3', '3', '3', '3', '3', '2', '2', '1', '1']);
    await eventually(async () => view(page)).toContain('sort.reward!-step');
    await page.close();
  });

  it('exports what it shows', async () => {
    const { page } = await open(uid, '?rollouts-1=lens.newlyWrong');
    await showsRange(page, '1 - 4 of 4');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.split('\r\n')).toHaveLength(6);
    expect(csv).toContain('\r\n3,0,1,Question 0?,');
    // The rows of a frame are written by the panel, which knows CSV and HTML alone.
    const others = page.getByRole('button', { name: 'Export as…' });
    await others.click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(
      uid === 'frame' ? ['CSV', 'Save as HTML…'] : ['CSV', 'JSON lines', 'Parquet', 'Save as HTML…'],
    );
    await page.keyboard.press('Escape');
    for (const [format, ending, begin] of uid === 'frame'
      ? []
      : ([
          ['JSON lines', '.jsonl', '{"'],
          ['Parquet', '.parquet', 'PAR1'],
        ] as const)) {
      const next = page.waitForEvent('download');
      await others.click();
      await page.getByRole('menuitem', { name: format }).click();
      const file = await next;
      expect(file.suggestedFilename().endsWith(ending)).toBe(true);
      expect((await readFile(await file.path(), 'utf8')).startsWith(begin)).toBe(true);
    }
    await page.close();
  });
});

describe('columns', () => {
  it('are resized, pinned and hidden; Reset Table brings back the saved state', async () => {
    const { page } = await open('history');
    const before = (await head(page, 'prompt').boundingBox())?.width ?? 0;
    const edge = await head(page, 'prompt').locator('[aria-hidden]').last().boundingBox();
    await page.mouse.move((edge?.x ?? 0) + 3, (edge?.y ?? 0) + 5);
    await page.mouse.down();
    await page.mouse.move((edge?.x ?? 0) + 103, (edge?.y ?? 0) + 5, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => Math.round(((await head(page, 'prompt').boundingBox())?.width ?? 0) - before)).toBe(
      100,
    );
    await head(page, 'response').hover();
    await head(page, 'response').getByLabel('Column menu').click();
    await page.getByRole('button', { name: 'Pin to the left' }).click();
    await page.keyboard.press('Escape');
    await eventually(() => headers(page)).toEqual(['', 'response', 'step', 'reward', 'reward_format', 'prompt']);
    await eventually(async () => view(page)).toMatch(/pinned\.response~widths\.\d+\.prompt/);
    await page.getByRole('button', { name: 'Reset Table' }).click();
    await eventually(() => headers(page)).toEqual(['', 'step', 'reward', 'reward_format', 'prompt', 'response']);
    await eventually(async () => view(page)).toBe(null);
    await page.close();
  });

  it('show truncated rows by a sign, and reward functions in their own colors', async () => {
    const { page } = await open('history');
    expect(await page.getByRole('img', { name: /^Truncated/ }).count()).toBeGreaterThan(0);
    const colors = await page
      .locator('tbody tr[data-row] td:nth-child(4)')
      .evaluateAll((list) => list.map((cell) => `${cell.textContent} ${getComputedStyle(cell).backgroundColor}`));
    expect(new Set(colors).size).toBe(2);
    await page.close();
  });
});

describe('a table that is a sample', () => {
  it('says so, and groups without spread have a sign', async () => {
    const { page } = await open('sample');
    await eventually(() => page.getByRole('note').first().textContent()).toContain(
      'step 46: 2 of 512 rollouts, best and worst only',
    );
    await page.close();
    const history = await open(
      'history',
      '?rollouts-1=filter.eq%2520%255B%2522prompt%2522%252C%2522Question%25200%253F%2522%255D',
    );
    await showsRange(history.page, '1 - 10 of 12');
    expect(await history.page.getByRole('img', { name: /^Zero spread/ }).count()).toBe(10);
    await history.page.close();
  });
});

describe('a row by its link', () => {
  it('opens wherever it stands, and the address names it', async () => {
    const { page } = await open('history');
    await page.locator('[data-row="2"]').click();
    await eventually(async () => view(page)).toMatch(/^at\.\w+!2~row\../);
    const link = page.url();
    await page.close();
    // Under another order it stands elsewhere.
    const other = new URL(link);
    other.searchParams.set('rollouts-1', `lens.truncated~${other.searchParams.get('rollouts-1')}`);
    const opened = await openPage(stack.browser, 1400, 900);
    await opened.page.goto(other.href);
    await eventually(() => opened.page.getByRole('dialog').count()).toBe(1);
    await opened.page.close();
  });
});

describe('everyone', () => {
  it('reaches rows and lenses by keyboard', async () => {
    const { page } = await open('history');
    await eventually(() => lens(page, 'Worst').count()).toBe(1);
    await lens(page, 'Newest').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await showsRange(page, '1 - 10 of 10');
    expect(await range(page).textContent()).toBe('1 - 10 of 10');
    await page.close();
  });
});
