import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Stack, startStack } from './harness';

/** The query editor of the built plugin, over a real store. */
let stack: Stack;
const CHART = '/edit/rolloscope-run-overview/2';
const TABLE = '/edit/rolloscope-run-overview/5';

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stack.storeUrl}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

beforeAll(async () => {
  stack = await startStack();
  for (const [id, lr] of [
    ['r1', 1e-6],
    ['r2', 1e-5],
  ] as const) {
    await send('PUT', `/runs/${id}`, { project: 'p', name: `run ${id}`, config: { lr } });
    const entries = Array.from({ length: 10 }, (_, i) => ({
      step: i + 1,
      metrics: { 'eval/accuracy/mean': (i + 1) / 20, 'critic/rewards/mean': i / 10 },
      tables: {
        rollouts: {
          columns: ['prompt', 'response', 'reward'],
          rows: [
            ['q', `good ${i + 1}`, 1.1],
            ['q', `bad ${i + 1}`, -0.1],
          ],
        },
      },
    }));
    await send('POST', `/runs/${id}/log`, { entries });
  }
});

afterAll(() => stack?.stop());

async function open(path: string, width = 1300): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, width);
  await opened.page.goto(stack.previewUrl + path);
  await opened.page.getByText('Ask for').waitFor();
  return opened;
}

const toCode = (page: Page) => page.getByRole('radio', { name: 'Code' }).click({ force: true });
const toBuilder = (page: Page) => page.getByRole('radio', { name: 'Builder' }).click({ force: true });
const codeOf = (page: Page) => page.getByRole('textbox', { name: 'Query as code' });

async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

describe('the builder', () => {
  it('offers what the store has, how much of it, and draws what is chosen', async () => {
    const { page, faults } = await open(CHART);
    await page.getByText('@evals fits 1 metric').waitFor();
    await page.getByRole('combobox', { name: 'Metrics' }).click();
    await page.getByRole('option', { name: /critic\/rewards\/mean.*1 run, 10 points, last 0\.9/ }).click();
    await page.keyboard.press('Escape');
    await page.getByText('critic/rewards/mean', { exact: true }).last().waitFor();
    await choose(page, 'Smoothing', '0.9');
    await page.getByText('.smooth(0.9)').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('chooses runs by a config value, with what the store has under it', async () => {
    const { page, faults } = await open(CHART);
    await page.getByRole('radio', { name: 'All that fit' }).click({ force: true });
    await page.getByLabel('Add a condition: runs where').click();
    await choose(page, 'Column of runs where 1', /^config\.lr/);
    const asked = page.waitForResponse(
      (answer) => answer.url().endsWith('/query/metrics') && (answer.request().postData() ?? '').includes('config.lr'),
    );
    await choose(page, 'Value of runs where 1', /^0\.000001/);
    await page.getByText('runs(config.lr == 1e-6, newest=1)').waitFor();
    const answer = await asked;
    expect((await answer.json()).series.map((one: { run: string }) => one.run)).toEqual(['r1']);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('filters and orders rows by the columns of the table', async () => {
    const { page, faults } = await open(TABLE);
    await page.getByText('good 10').first().waitFor();
    await page.getByLabel('Add a condition: rows where').click();
    await choose(page, 'Column of rows where 1', /^reward/);
    await choose(page, 'Comparison of rows where 1', /^<$/);
    await page.getByLabel('Value of rows where 1').fill('0');
    await page.keyboard.press('Enter');
    await page.getByText('good 10').first().waitFor({ state: 'detached' });
    await page.getByText('bad 10').first().waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('fits a narrow window: nothing hangs over', async () => {
    const { page } = await open(TABLE, 420);
    for (const kind of ['rows', 'runs']) {
      await page.getByLabel(`Add a condition: ${kind} where`).click();
      await page.getByLabel(`Add a condition: ${kind} where`).click();
    }
    await page.getByLabel('Add an order').click();
    const over = await page
      .getByTestId('query-editors')
      .evaluate((editors) =>
        [...editors.querySelectorAll('input, button, code')]
          .filter((one) => one.getBoundingClientRect().right > editors.getBoundingClientRect().right + 1)
          .map((one) => one.outerHTML.slice(0, 80)),
      );
    expect(over).toEqual([]);
    await page.close();
  });
});

/** Writes `runs.history[]` by completion, and stands where its name goes. */
async function typeHistory(page: Page) {
  const code = codeOf(page);
  await code.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('runs.hi');
  await page.getByRole('option', { name: /^history/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: /^rollouts/ }).waitFor();
  return code;
}

describe('code', () => {
  it('is the same query as the builder has, there and back', async () => {
    const { page } = await open(TABLE);
    await toCode(page);
    const before = await codeOf(page).inputValue();
    expect(before).toBe('runs.summary[$table].step($step)');
    await toBuilder(page);
    await page.getByText('Rows of', { exact: true }).waitFor();
    await toCode(page);
    expect(await codeOf(page).inputValue()).toBe(before);
    await page.close();
  });

  it('completes by keyboard from what the store has, runs, and shows in the builder', async () => {
    const { page, faults } = await open(CHART);
    await toCode(page);
    const code = await typeHistory(page);
    await page.keyboard.type('critic');
    await page.getByRole('option', { name: /^eval/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    expect(await code.inputValue()).toBe('runs.history["critic/rewards/mean"]');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('critic/rewards/mean', { exact: true }).last().waitFor();
    await toBuilder(page);
    await page.getByText('runs.history["critic/rewards/mean"]').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  it('completes what stands there, also before the store has answered', async () => {
    const { page } = await open(CHART);
    await toCode(page);
    const code = await typeHistory(page);
    // From here on it never does.
    await page.route('**/api/**', () => undefined);
    await page.keyboard.type('critic');
    await page.keyboard.press('Enter');
    expect(await code.inputValue()).toBe('runs.history["critic/rewards/mean"]');
    await page.close();
  });

  it('knows a table from a metric, however late the store answers', async () => {
    const { page } = await open(CHART);
    await page.route('**/query/table-list', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.continue();
    });
    await toCode(page);
    const code = codeOf(page);
    await code.fill('runs.history["rollouts"]');
    await page.keyboard.press('Shift+Enter');
    await expect.poll(() => page.getByRole('combobox', { name: 'Ask for' }).inputValue()).toBe('Rows');
    expect(await code.inputValue()).toBe('runs.history["rollouts"]');
    await page.close();
  });

  it('says where it is wrong, draws on, and loses nothing', async () => {
    const { page } = await open(CHART);
    await toCode(page);
    const code = codeOf(page);
    await code.fill('runs.history["critic/rewards/mean"].smoth(0.9)');
    await page.keyboard.press('Shift+Enter');
    await page.getByText('Column 37: .smoth is none: did you mean .smooth?').waitFor();
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('eval/accuracy/mean', { exact: true }).waitFor();
    await code.fill('runs.history["rollouts"]');
    await page.keyboard.press('Shift+Enter');
    await page.getByRole('combobox', { name: 'Ask for' }).waitFor();
    await expect.poll(() => page.getByRole('combobox', { name: 'Ask for' }).inputValue()).toBe('Rows');
    await page.close();
  });
});

describe('the dashboard', () => {
  it('is narrowed by ad hoc filters, with keys and values of the store, and the address keeps them', async () => {
    const { page, faults } = await openPage(stack.browser, 1300);
    await page.goto(`${stack.previewUrl}/d/rolloscope-runs`);
    await page.getByText('1 - 2 of 2').waitFor();
    await page.getByTestId('data-testid ad hoc filters combobox filter input').click();
    for (const option of ['lr', /^=/, '0.000001']) {
      await page.getByRole('option', { name: option }).first().click();
    }
    await page.getByText('1 - 1 of 1').waitFor();
    expect(decodeURIComponent(page.url())).toContain('var-filters=config.lr,lr|=|0.000001');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('has variables whose editor lists what the store has, and which follow each other', async () => {
    const { page, faults } = await openPage(stack.browser, 1300);
    await page.goto(`${stack.previewUrl}/variables/rolloscope-run-overview`);
    const editor = page.getByTestId('variable table');
    await editor.getByRole('combobox', { name: 'List' }).click();
    await page.keyboard.type('Values');
    await page.getByRole('option', { name: /^Values of a key/ }).click();
    await editor.getByRole('combobox', { name: 'Key' }).click();
    await page.getByRole('option', { name: /^config\.lr/ }).click();
    // Of the runs in $run, the newest.
    await page.getByText('0.00001', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });
});

it('the query help runs an example on a click', async () => {
  const { page, faults } = await openPage(stack.browser, 1300);
  await page.goto(`${stack.previewUrl}/explore/rolloscope?queries=[]`);
  await page.getByRole('button', { name: /Runs with the last values of metrics/ }).click();
  await page.getByText('run r1').first().waitFor();
  expect(await page.getByRole('combobox', { name: 'Ask for' }).inputValue()).toBe('Runs');
  expect(faults).toEqual([]);
  await page.close();
});
