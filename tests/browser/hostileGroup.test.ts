import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Stack } from './harness';
import { measureMachine, whatGotThrough } from './hostilePage';
import { hostileTexts } from './hostileTexts';
import { type MainTask, recordTasks } from './longTasks';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const TEXTS = [
  ...hostileTexts(),
  { name: 'joined Arabic', text: 'ب'.repeat(20_000) },
  { name: 'combining marks', text: `Z${'\u0301'.repeat(100_000)}` },
];
/** Rollouts of a prompt; each is compared with the next one. */
const GROUP = 31;
const GROUPS = Array.from({ length: Math.ceil(TEXTS.length / GROUP) }, (_, i) =>
  TEXTS.slice(i * GROUP, (i + 1) * GROUP),
);

let stack: Stack;

beforeAll(async () => {
  const dashboards = GROUPS.map((_, i) => ({ uid: `group-${i}`, run: `group-${i}`, options: { pageSize: 50 } }));
  stack = await startPanelStack(dashboards, async (store) => {
    for (const [i, group] of GROUPS.entries()) {
      await call(store, 'PUT', `/runs/group-${i}`, { project: 'hostile' });
      // The best comes first: so they stand in their order.
      const rows = group.map(({ text }, n) => [-n, 'The prompt', text]);
      const entries = [{ step: 1, tables: { rollout_examples: { columns: ['reward', 'prompt', 'response'], rows } } }];
      await call(store, 'POST', `/runs/group-${i}/log`, { entries });
    }
  });
});

afterAll(() => stack?.stop());

const comparison = (page: Page) => page.getByRole('region', { name: 'Comparison of two responses' });

/** Resolves once no request is under way and what came is drawn. */
function createQuiet(page: Page): () => Promise<void> {
  let pending = 0;
  const change = (by: number) => () => {
    pending += by;
  };
  page.on('request', change(1)).on('requestfinished', change(-1)).on('requestfailed', change(-1));
  return async () => {
    for (let calm = 0; calm < 2; calm += 1) {
      await page.waitForTimeout(15);
      if (pending > 0) {
        calm = -1;
      }
    }
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 100 })));
  };
}

describe(`the group of ${TEXTS.length} hostile texts`, () => {
  it('runs nothing, fetches nothing and holds nothing up', { timeout: 400_000 }, async () => {
    const through: string[] = [];
    const slow: string[] = [];
    let longest = 0;
    let compared = 0;
    for (const [i, group] of GROUPS.entries()) {
      const { page, faults } = await openPage(stack.browser, 1300, 900);
      page.on('dialog', (dialog) => {
        faults.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      const quiet = createQuiet(page);
      await page.goto(`${stack.previewUrl}/d/group-${i}?refresh=`);
      await page.locator('[data-row="0"]').click();
      await page.getByRole('dialog', { name: /^Row / }).waitFor();
      const { longestAllowed } = await measureMachine(page);
      const judge = (tasks: readonly MainTask[], names: string) => {
        const cpu = Math.max(0, ...tasks.map((task) => task.cpu));
        longest = Math.max(longest, cpu);
        if (cpu > longestAllowed) {
          slow.push(`${names}: ${cpu.toFixed(0)} ms`);
        }
      };
      const opening = await recordTasks(page, async () => {
        await page.keyboard.press('g');
        await comparison(page).getByRole('region').first().waitFor();
        await quiet();
      });
      judge(opening, `group ${i}, as it opens`);
      const choose = (n: number, side: string) =>
        page.getByRole('radio', { name: `Compare rollout #${n} as the ${side}`, exact: true });
      for (let n = 1; n < group.length; n++) {
        const tasks = await recordTasks(page, async () => {
          await choose(n + 1, 'second').check();
          if (!(await choose(n, 'first').isChecked())) {
            await choose(n, 'first').check();
          }
          await quiet();
        });
        const title = await comparison(page).getByRole('heading').textContent();
        expect(title).toContain(`#${n} (`);
        expect(title).toContain(`#${n + 1} (`);
        compared++;
        const names = `${group[n - 1]?.name} and ${group[n]?.name}`;
        judge(tasks, names);
        through.push(...(await whatGotThrough(page.getByRole('dialog'))).map((what) => `${names}: ${what}`));
      }
      expect(faults).toEqual([]);
      await page.close();
    }
    console.log(`${compared} pairs; longest task ${longest.toFixed(0)} ms of processor time`);
    expect(compared).toBe(TEXTS.length - GROUPS.length);
    expect(through).toEqual([]);
    expect(slow).toEqual([]);
  });
});
