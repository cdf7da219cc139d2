import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';
import { agentRollout } from './timelineRows';

/** The round from which the worse rollout looks for something else. */
const APART = 12;

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'parting', run: 'parting' }], async (store) => {
    await call(store, 'PUT', '/runs/parting', { project: 'parting' });
    const good = agentRollout(20).messages;
    const bad = good.map((message, i) =>
      i === 1 + 2 * APART
        ? {
            role: 'assistant',
            content: 'Elsewhere.',
            tool_calls: [{ function: { name: 'search', arguments: '{"query":"<img src=x>"}' } }],
          }
        : // Other words beside the same call are no other turn.
          i === 3
          ? { ...message, content: '<think>Which one?</think>So I look.' }
          : message,
    );
    const rows = [
      [1, good],
      [0, [...bad.slice(0, 30), { role: 'assistant', content: 'It is \\boxed{7}.' }]],
    ];
    const table = { columns: ['reward', 'messages'], rows };
    await call(store, 'POST', '/runs/parting/log', { entries: [{ step: 1, tables: { rollout_examples: table } }] });
  });
});

afterAll(() => stack?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000 });
const comparison = (page: Page) => page.locator('section[aria-label="Comparison of two responses"]');
const parting = (page: Page) => comparison(page).locator('[data-parting]');

async function open(query = '', width = 1400): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, width, 900);
  await opened.page.goto(`${stack.previewUrl}/d/parting${query}`);
  await opened.page.locator('[data-row="0"]').click();
  await opened.page.locator('article').first().waitFor();
  await opened.page.keyboard.press('g');
  await parting(opened.page).waitFor();
  return opened;
}

describe('where two rollouts of a group part', { timeout: 180_000 }, () => {
  it('is marked, scrolled to and said in a word, with the rest beside each other', async () => {
    const { page, faults } = await open();
    await eventually(() => comparison(page).getByRole('status').textContent()).toBe(
      `They part at turn ${2 + 2 * APART}: other arguments of search.`,
    );
    expect(await parting(page).textContent()).toContain('Here they part: other arguments of search');
    expect(await parting(page).locator('del, ins').count()).toBeGreaterThan(0);
    const isSeen = await parting(page).evaluate((element) => {
      const [own, around] = [element.getBoundingClientRect(), element.parentElement?.getBoundingClientRect()];
      return around !== undefined && own.top >= around.top && own.top < around.bottom;
    });
    expect(isSeen).toBe(true);
    expect(await comparison(page).textContent()).toContain('only in the first');
    await comparison(page)
      .getByRole('button', { name: `Show ${2 * APART} equal turns before` })
      .click();
    await eventually(() => comparison(page).textContent()).toContain('So I look.');
    // What there was before is still a click away.
    await comparison(page).getByRole('radio', { name: 'Inline' }).click();
    await eventually(() => parting(page).count()).toBe(0);
    expect(await comparison(page).locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it.each([
    ['dark', 1_400],
    ['light', 390],
  ])('has nothing that axe finds, on the %s theme, %i pixels wide', async (theme, width) => {
    const { page } = await open(`?theme=${theme}`, width);
    await parting(page).scrollIntoViewIfNeeded();
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
