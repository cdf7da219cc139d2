import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, headers, rows, showsRange } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

/** 3 steps × 2 questions × 4 samples, as another tool names them; the second question's scores never differ. */
const NAMES = ['training_step', 'score', 'question', 'completion', 'advantage', 'time'];
const TYPES = ['number', 'number', 'string', 'string', 'number', 'time'];
const START = Date.now() - 10 * 60_000;
const ROWS = [1, 2, 3].flatMap((step) =>
  [0, 1].flatMap((q) =>
    [0, 1, 2, 3].map((n) => [
      step,
      q === 1 ? 0.5 : n === 0 ? 1 : 0,
      q === 0 ? 'What is 6 times 7?' : 'What is 10 less 3?',
      `At step ${step} I say ${n === 0 ? 42 : 50 + n}`,
      q === 1 ? 0 : n === 0 ? 1.5 : -0.5,
      START + step * 60_000,
    ]),
  ),
);

const grafana = { type: 'grafana', uid: 'grafana' };
const frame = (meta: object) => ({
  schema: { name: 'eval', refId: 'A', meta, fields: NAMES.map((name, i) => ({ name, type: TYPES[i], config: {} })) },
  data: { values: NAMES.map((_, i) => ROWS.map((row) => row[i])) },
});
const query = (meta: object = {}) => ({
  refId: 'A',
  datasource: grafana,
  queryType: 'snapshot',
  snapshot: [frame(meta)],
});

let stack: Stack;
beforeAll(async () => {
  const options = { pageSize: 8, distribution: true };
  stack = await startPanelStack(
    [
      { uid: 'csv', run: '', options, height: 24, panel: { datasource: grafana, targets: [query()] } },
      {
        uid: 'transformed',
        run: 'ours',
        rows: 'all',
        options,
        height: 24,
        transformations: [{ id: 'organize', options: { excludeByName: { run: true } } }],
      },
    ],
    async (store) => {
      await call(store, 'PUT', '/runs/base', { project: 'p' });
      await call(store, 'PUT', '/runs/ours', { project: 'p', baseline: 'base' });
      for (const run of ['base', 'ours']) {
        const entries = [1, 2, 3].map((step) => ({
          step,
          time: START + step * 60_000,
          tables: {
            rollout_examples: {
              columns: ['reward', 'prompt', 'response', 'advantage'],
              rows: ROWS.filter(([at]) => at === step).map((row) => row.slice(1, 5)),
            },
          },
        }));
        await call(store, 'POST', `/runs/${run}/log`, { entries });
      }
    },
  );
});
afterAll(() => stack?.stop());

async function open(path: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 1100);
  await opened.page.goto(stack.previewUrl + path);
  await showsRange(opened.page, / of 24$/);
  return opened;
}

const heat = (page: Page) => page.locator('[aria-roledescription=heatmap]');
const group = (page: Page) => page.getByRole('region', { name: 'Group', exact: true });

describe.each([
  ['that never came from a store', 'csv', 'score'],
  ['of ours that was transformed', 'transformed', 'reward'],
])('a frame %s', (_, uid, reward) => {
  it('has groups: strip, mean and spread, advantages, difference, the prompt at other steps', async () => {
    const { page, faults } = await open(`/d/${uid}`);
    await page
      .getByRole('columnheader')
      .getByRole('button', { name: /^(training_)?step$/ })
      .click();
    await page.locator('[data-row="0"]', { hasText: 'At step 1' }).waitFor();
    const first = page.locator('[data-row]', { hasText: /6 times 7.*At step 1 I say 42/ }).first();
    const at = Number(await first.getAttribute('data-row'));
    await page.locator('[data-row="0"]').focus();
    for (let i = 0; i < at; i++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('g');
    await eventually(() => group(page).getByRole('heading', { name: 'Group of 4' }).count()).toBe(1);
    const marks = group(page).getByRole('toolbar').getByRole('button');
    expect((await marks.allTextContents()).sort()).toEqual(['0', '0', '0', '1']);
    const facts = await group(page).textContent();
    expect(facts).toMatch(/mean[^0-9]*0\.25/i);
    expect(facts).toContain('(r − mean) / (sd + 1e-6), sd over n − 1 as logged');
    const diff = page.getByRole('region', { name: 'Comparison of two responses' });
    await eventually(() => diff.locator('section del').allTextContents()).toEqual(['42']);
    const elsewhere = page.getByRole('region', { name: 'The same prompt elsewhere' });
    await eventually(() => elsewhere.locator('tbody tr').count()).toBe(3);
    // A frame knows no other runs.
    expect(await elsewhere.getByLabel('All runs').count()).toBe(0);
    await elsewhere.getByRole('button', { name: 'Go to step 3' }).click();
    await showsRange(page, / of 8$/);
    await eventually(() => page.getByRole('dialog').textContent()).toContain('At step 3 I say 42');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('has a distribution, which filters', async () => {
    const { page, faults } = await open(`/d/${uid}`);
    await eventually(() => heat(page).getAttribute('aria-label')).toMatch(
      new RegExp(`^24 rollouts, ${reward} from 0 to 1, (training_)?step from 1 to 3`),
    );
    const box = (await heat(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // The first step's highest rewards: the one right answer.
    await page.mouse.click(box.x + 60, box.y + 10);
    await showsRange(page, '1 - 1 of 1');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await showsRange(page, / of 24$/);
    await heat(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await showsRange(page, / of 8$/);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('names what it cannot tell', async () => {
    const { page } = await open(`/d/${uid}`);
    const missing = page.getByRole('note', { name: 'Lenses that this table does not have' });
    await eventually(() => missing.count()).toBe(1);
    await missing.focus();
    const tooltip = page.getByRole('tooltip');
    await eventually(() => tooltip.textContent()).toContain('Wrong vs baseline: needs a baseline of the run');
    expect((await tooltip.textContent())?.includes('Repetitive: needs the column repetition')).toBe(uid === 'csv');
    await page.close();
  });
});

describe('a frame in Explore', () => {
  const explore = (uid: string, of: object) =>
    `/explore/${uid}?${new URLSearchParams({ queries: JSON.stringify([of]) })}`;
  const plugin = { preferredVisualisationPluginId: 'rolloscope-rollouts-panel' };
  const ours = {
    refId: 'A',
    version: 2,
    queryType: 'rows',
    runs: { by: 'id', ids: ['ours'] },
    table: 'rollout_examples',
    rows: 'all',
  };

  it.each([
    ['of another data source', 'grafana', query(plugin)],
    ['of ours', 'store', ours],
  ])('%s: is narrowed until the query changes, and leaves the address alone', async (_, uid, of) => {
    const { page, faults } = await open(explore(uid, of));
    await eventually(async () => (await headers(page)).length).toBe(5);
    const address = page.url();
    await page.getByLabel('Search all texts').fill('say 42');
    await showsRange(page, / of 6$/);
    await page.getByLabel('Clear the search').click();
    await showsRange(page, / of 24$/);
    await page
      .getByRole('toolbar', { name: 'Lenses' })
      .getByRole('button', { name: /^Best / })
      .click();
    await showsRange(page, / of 3$/);
    await page.locator('[data-row="0"]').click();
    await eventually(() => page.getByRole('dialog').textContent()).toContain('I say 42');
    await page.keyboard.press('g');
    await eventually(() => group(page).getByRole('heading', { name: 'Group of 4' }).count()).toBe(1);
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(4);
    await eventually(async () => (await rows(page)).length).toBe(3);
    expect(page.url()).toBe(address);
    expect(faults).toEqual([]);
    await page.close();
  });
});
