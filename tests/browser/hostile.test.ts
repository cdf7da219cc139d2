import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Stack } from './harness';
import { measureMachine, whatGotThrough } from './hostilePage';
import { hostileTexts } from './hostileTexts';
import { recordTasks } from './longTasks';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const TEXTS = hostileTexts();
const COLUMNS = ['step', 'reward', 'prompt', 'response', 'ground_truth', 'kind'];

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'hostile', run: 'hostile', options: { pageSize: 500 } }], async (store) => {
    await call(store, 'PUT', '/runs/hostile', { project: 'hostile' });
    for (let from = 0; from < TEXTS.length; from += 20) {
      // Small ones stand wherever text can stand.
      const rows = TEXTS.slice(from, from + 20).map(({ name, text }, i) => {
        const other = text.length < 5_000 ? text : 'p';
        return [from + i, (from + i) % 2, other, text, other, name];
      });
      const entries = [{ step: 1, tables: { rollout_examples: { columns: COLUMNS, rows } } }];
      await call(store, 'POST', '/runs/hostile/log', { entries });
    }
  });
});

afterAll(() => stack?.stop());

const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });

/** Waits until the row is drawn, then looks at its middle and its end. */
async function readRow(page: Page, row: number): Promise<void> {
  const { name, text } = TEXTS[row] ?? { name: '', text: '' };
  await reader(page)
    .locator('dd', { hasText: new RegExp(`^${name}$`) })
    .waitFor({ timeout: 60_000 });
  await reader(page)
    .locator('[tabindex="-1"]')
    .first()
    .evaluate(async (body, isLong) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      // What is short is drawn with the next frames; what is long goes on growing.
      const drawn = () =>
        isLong
          ? new Promise((resolve) => setTimeout(resolve, 60))
          : frame()
              .then(frame)
              .then(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 60 })));
      for (const part of [0.5, 1]) {
        await drawn();
        body.scrollTop = body.scrollHeight * part;
      }
      await drawn();
    }, text.length > 2_000);
}

/** Opens a row from the table, by keyboard. */
async function openRow(page: Page, row: number): Promise<void> {
  await page.locator('[role=grid] [data-row]').first().focus();
  for (let i = 0; i < row; i++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.locator(`[role=grid] [data-row="${row}"]:focus`).waitFor();
  await page.keyboard.press('Enter');
}

describe(`${TEXTS.length} hostile texts`, () => {
  it('are more than 200', () => expect(TEXTS.length).toBeGreaterThanOrEqual(200));

  it.each([
    ['turns, thinking unfolded', 't'],
    ['raw text', 'r'],
  ])('run nothing, fetch nothing and hold nothing up: %s', { timeout: 600_000 }, async (_, key) => {
    const { page, faults } = await openPage(stack.browser, 1300, 800);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      faults.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${stack.previewUrl}/d/hostile`);
    await page.locator('[data-row="0"]').click();
    await reader(page).waitFor();
    await page.keyboard.press(key);
    const { longestAllowed, slower } = await measureMachine(page);
    await readRow(page, 0);
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));

    const through: string[] = [];
    const slow: string[] = [];
    let longest = 0;
    const batch = 30;
    for (let from = 1; from < TEXTS.length; from += batch) {
      const tasks = await recordTasks(page, async () => {
        for (let row = from; row < Math.min(from + batch, TEXTS.length); row++) {
          await page.keyboard.press('j');
          await readRow(page, row);
          through.push(...(await whatGotThrough(reader(page))).map((what) => `${TEXTS[row]?.name}: ${what}`));
        }
      });
      const cpu = Math.max(...tasks.map((task) => task.cpu));
      longest = Math.max(longest, cpu);
      if (cpu > longestAllowed) {
        slow.push(`${TEXTS[from]?.name} and after: ${cpu.toFixed(0)} ms`);
      }
    }
    console.log(
      `longest task ${longest.toFixed(0)} ms of processor time, on a machine ${slower.toFixed(1)} times as slow`,
    );
    expect(through).toEqual([]);
    expect(faults).toEqual([]);
    expect(asked.filter((path) => !/^\/(?:api|public)\//.test(path))).toEqual([]);
    expect(slow).toEqual([]);
    await page.close();
  });

  it('draw a little at a time where one goes to the end of thousands of formulas', async () => {
    const row = TEXTS.findIndex(({ text }) => text.startsWith('\\(\\frac{a}{b}\\) and'));
    const { page } = await openPage(stack.browser, 1300, 800);
    await page.goto(`${stack.previewUrl}/d/hostile`);
    await page.locator('[data-row="0"]').waitFor();
    // What typesets is here already, as after some reading.
    await openRow(page, row + 1);
    await reader(page).locator('math').first().waitFor();
    const { longestAllowed } = await measureMachine(page);
    const tasks = await recordTasks(page, async () => {
      await page.keyboard.press('k');
      await readRow(page, row);
      await reader(page)
        .locator('[tabindex="-1"]')
        .first()
        .evaluate(async (body) => {
          for (let i = 0; i < 50; i++) {
            body.scrollTop = body.scrollHeight;
            await new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 30));
          }
        });
    });
    const math = await reader(page).locator('math').count();
    console.log(`${math} formulas drawn, longest task ${Math.max(...tasks.map(({ cpu }) => cpu)).toFixed(0)} ms`);
    expect(math).toBeGreaterThan(100);
    expect(math).toBeLessThan(2_000);
    expect(Math.max(...tasks.map(({ cpu }) => cpu))).toBeLessThan(longestAllowed);
    await page.close();
  });

  it('keep Grafana variables as they are written', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
    const row = TEXTS.findIndex(({ text }) => text.startsWith('${run} $run'));
    const { page } = await openPage(stack.browser, 1300, 800);
    await page.goto(`${stack.previewUrl}/d/hostile?var-run=filled`);
    await page.locator(`[data-row="0"]`).click();
    await reader(page).waitFor();
    await page.keyboard.press('r');
    await page.keyboard.press('Escape');
    await reader(page).waitFor({ state: 'detached' });
    await openRow(page, row);
    await expect
      .poll(() => reader(page).getByRole('region', { name: 'response' }).textContent())
      .toContain(TEXTS[row]?.text ?? '?');
    await page.close();
  });
});
