import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Stack } from './harness';
import { recordTasks } from './longTasks';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WORDS = ['So', ' 6', ' ×', ' 7', ' =', ' 42', '.\n', '<tool>', '42', '</tool>', ' \u202e', '<img src=x>', ''];
const LOGPROBS = [-0.2, -1.5, -0.01, 0, -0.02, -4, -0.3, 0, 0, 0, -2, -3, -1];
const ENTROPY = WORDS.map((_, i) => i / 10);
const MASK = WORDS.map((word) => (/tool|^42/.test(word) ? 0 : 1));
/** Long responses are what such data is logged for. */
const MANY = 50_000;
/** Longest that one task may hold up the page. */
const LONGEST_MS = 200;

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'tokens', run: 'tokens' }], async (store) => {
    await call(store, 'PUT', '/runs/tokens', { project: 'tokens' });
    const many = Array.from({ length: MANY }, (_, i) => (i % 40 === 39 ? '.\n' : ` w${i}`));
    const rows = [
      ['q', WORDS.join(''), { text: WORDS, logprob: LOGPROBS, entropy: ENTROPY, loss_mask: MASK }],
      [
        'q',
        'ab',
        [
          { text: 'a', logprob: -1 },
          { text: 'x', logprob: 'NaN' },
        ],
      ],
      ['q', many.join(''), { text: many, logprob: many.map((_, i) => -(i % 97) / 20) }],
      ['q', 'بسم'.repeat(10_000), { text: Array.from({ length: 10_000 }, () => 'بسم') }],
      ['q', 'No such data', null],
    ];
    const table = { columns: ['prompt', 'response', 'tokens'], rows };
    await call(store, 'POST', '/runs/tokens/log', { entries: [{ step: 1, tables: { rollout_examples: table } }] });
  });
});

afterAll(() => stack?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read);
const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const list = (page: Page) => page.getByRole('region', { name: 'Response, token by token' });
const detail = (page: Page) => page.getByRole('region', { name: 'Tokens' }).getByRole('status').textContent();

async function openRow(row: number, query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 900);
  await opened.page.goto(`${stack.previewUrl}/d/tokens${query}`);
  await opened.page.locator(`[data-row="${row}"]`).click();
  await reader(opened.page).getByRole('article').first().waitFor();
  return opened;
}

describe('a response token by token', { timeout: 60_000 }, () => {
  it('is shaded by a number of choice, and struck where the loss does not count it', async () => {
    const { page, faults } = await openRow(0);
    await page.keyboard.press('p');
    await eventually(() => list(page).locator('[data-token]').count()).toBe(WORDS.length);
    expect(await list(page).locator('[data-masked]').allTextContents()).toEqual(['<tool>', '42', '</tool>']);
    expect(await list(page).locator('[data-token="5"]').getAttribute('data-shade')).toBe('-4');
    expect(await list(page).locator('[data-token="10"]').textContent()).toBe(' \\u202e');
    expect(await list(page).locator('[data-token="12"]').textContent()).toBe('∅');
    expect(await list(page).locator('img').count()).toBe(0);
    await list(page).locator('[data-token="5"]').hover();
    await eventually(() => detail(page)).toBe('Token 6: “ 42” · logprob -4 · entropy 0.5 · in the loss');
    await list(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => detail(page)).toContain('Token 12: “<img src=x>”');
    await page.getByLabel('Shade tokens by').click();
    await page.getByRole('option', { name: 'entropy' }).click();
    await eventually(() => list(page).locator('[data-token="12"]').getAttribute('data-shade')).toBe('4');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says what does not fit, and is not offered where nothing was logged', async () => {
    const { page } = await openRow(1);
    await page.keyboard.press('p');
    const view = page.getByRole('region', { name: 'Tokens' });
    await eventually(() => view.textContent()).toContain('1 of 2 values of logprob are not finite');
    expect(await view.textContent()).toContain('not the response as it was logged');
    await page.locator('[data-row="4"]').click();
    await eventually(() => reader(page).getByRole('article').count()).toBeGreaterThan(0);
    const button = reader(page).locator('button', { hasText: /^Tokens$/ });
    expect(await button.count()).toBe(0);
    await page.locator('[data-row="0"]').click();
    await eventually(() => button.count()).toBe(1);
    await page.close();
  });

  it.each([
    [2, `${MANY.toLocaleString('en')} tokens`],
    [3, '10,000 tokens'],
  ])('holds nothing up where there are very many: row %i', async (row, count) => {
    const { page } = await openRow(row);
    const tasks = await recordTasks(page, async () => {
      await page.keyboard.press('p');
      await eventually(() => page.getByRole('region', { name: 'Tokens' }).textContent()).toContain(count);
      await page.waitForTimeout(1_000);
      await list(page).focus();
      await page.keyboard.press('End');
      await eventually(() => detail(page)).toContain(`Token ${count.split(' ')[0]}:`);
      await eventually(() => list(page).locator('[data-active]').count()).toBe(1);
      await page.waitForTimeout(500);
    });
    const longest = Math.max(...tasks.map(({ cpu }) => cpu));
    console.log(`longest task ${longest.toFixed(0)} ms of processor time`);
    expect(longest).toBeLessThan(LONGEST_MS);
    await page.close();
  });

  it.each(['dark', 'light'])('has nothing that axe finds, on the %s theme', async (theme) => {
    const { page } = await openRow(0, `?theme=${theme}`);
    await page.keyboard.press('p');
    await eventually(() => list(page).locator('[data-token]').count()).toBe(WORDS.length);
    await page.addScriptTag({ path: AXE });
    const found = await page.evaluate(async () => {
      type Found = { violations: Array<{ id: string; nodes: Array<{ html: string }> }> };
      const { axe } = window as unknown as { axe: { run(on: Element | null): Promise<Found> } };
      return (await axe.run(document.querySelector('[aria-label="Tokens"]'))).violations.map(
        ({ id, nodes }) => `${id}: ${nodes[0]?.html}`,
      );
    });
    expect(found).toEqual([]);
    await page.close();
  });
});
