import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { openPage, type Stack } from './harness';
import { recordTasks } from './longTasks';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';
import { manyTurns, SLOW_ROUND, TIMELINE_COLUMNS, TWENTY, timelineRows } from './timelineRows';

let stack: Stack;

beforeAll(async () => {
  const runs = { timeline: timelineRows(), many: [manyTurns()] };
  stack = await startPanelStack(
    Object.keys(runs).map((run) => ({ uid: run, run })),
    async (store) => {
      for (const [run, rows] of Object.entries(runs)) {
        await call(store, 'PUT', `/runs/${run}`, { project: 'timeline' });
        const table = { columns: TIMELINE_COLUMNS, rows };
        await call(store, 'POST', `/runs/${run}/log`, { entries: [{ step: 1, tables: { rollout_examples: table } }] });
      }
    },
  );
});

afterAll(() => stack?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000 });
const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const timeline = (page: Page) => page.getByRole('region', { name: 'Timeline' });
const strip = (page: Page) => page.getByRole('slider', { name: 'Turns over time' });
const marked = (page: Page) => reader(page).locator('article[data-marked]');
const markedTurn = async (page: Page) => (await marked(page).getAttribute('id'))?.replace(/\D+/, '');

/** Opens a row by its place in the order of logging. */
async function openRow(
  row: number,
  query = '',
  width = 1400,
  dashboard = 'timeline',
): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, width, 900);
  await opened.page.goto(`${stack.previewUrl}/d/${dashboard}${query}`);
  await opened.page.locator(`[data-row="${row}"]`).click();
  await strip(opened.page).waitFor();
  return opened;
}

/** Whether what is marked shows in the part that scrolls. */
const isInView = (page: Page) =>
  marked(page).evaluate((element) => {
    const [own, around] = [element.getBoundingClientRect(), element.closest('[role=dialog]')?.getBoundingClientRect()];
    return around !== undefined && own.bottom > around.top && own.top < around.bottom;
  });

describe('where the time of a rollout went', { timeout: 180_000 }, () => {
  it('leads to the slowest call of 20 turns with the second click, and its bars add up to the logged total', async () => {
    const { page, faults } = await openRow(0);
    const seconds = TWENTY.milliseconds / 1_000;
    const button = page.getByRole('button', { name: /^Slowest: bash, 41 s of / });
    expect(await button.textContent()).toBe(`Slowest: bash, 41 s of ${Number(seconds.toPrecision(3))} s`);
    await button.click();
    const slow = TWENTY.turns.findIndex(({ start, end }) => Number(end) - Number(start) === 41_000);
    await eventually(() => markedTurn(page)).toBe(String(TWENTY.turns[slow]?.message));
    await eventually(() => isInView(page)).toBe(true);
    expect(await marked(page).evaluate((element) => getComputedStyle(element).boxShadow)).toContain('2px inset');
    expect(await marked(page).textContent()).toContain(`Clue ${SLOW_ROUND}: `);
    expect(await marked(page).textContent()).toContain('41 s');
    await eventually(() => timeline(page).textContent()).toContain(
      `Turn ${slow + 1} of ${TWENTY.turns.length}: bash · 41 s`,
    );

    const drawn = await strip(page).evaluate((element) => ({
      axis: element.firstElementChild?.getBoundingClientRect().width ?? 0,
      bars: [...element.querySelectorAll('[data-bar]')].map((bar) => (bar as HTMLElement).style.width),
    }));
    const sum = drawn.bars.reduce((all, width) => all + Number.parseFloat(width), 0);
    expect(drawn.bars).toHaveLength(TWENTY.turns.length);
    expect(Math.abs(sum / drawn.axis - 1)).toBeLessThan(0.01);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is tied to the conversation both ways, and walked over by keys', async () => {
    const { page } = await openRow(0);
    await page.keyboard.press('m');
    await eventually(() => strip(page).evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Home');
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
    }
    const fourth = TWENTY.turns[3];
    await eventually(() => strip(page).getAttribute('aria-valuetext')).toMatch(/^Turn 4 of 23: generating · /);
    await page.keyboard.press('Enter');
    await eventually(() => markedTurn(page)).toBe(String(fourth?.message));

    // The other way: what is scrolled to is marked on the strip.
    const last = TWENTY.messages.length - 1;
    const bar = TWENTY.turns.findIndex(({ message }) => message === last);
    await reader(page)
      .locator('article')
      .last()
      .evaluate((element) => {
        element.ownerDocument.querySelector('article[data-marked]')?.removeAttribute('data-marked');
        element.setAttribute('data-marked', '');
      });
    const placeOf = (selector: string) =>
      strip(page)
        .locator(selector)
        .first()
        .evaluate((element) => Math.round((element as HTMLElement).offsetLeft));
    await reader(page).locator(`#rolloscope-turn-${last}`).scrollIntoViewIfNeeded();
    await eventually(async () =>
      Math.abs((await placeOf('[data-in-view]')) - (await placeOf(`[data-bar="${bar}"]`))),
    ).toBeLessThan(4);

    // A click on a bar goes there, too, and back from another way of reading.
    await page.keyboard.press('r');
    await eventually(() => reader(page).locator('article').count()).toBe(0);
    await strip(page).locator('[data-bar="1"]').click();
    await eventually(() => markedTurn(page)).toBe('1');
    await page.keyboard.press('w');
    await eventually(() => marked(page).textContent()).toContain(`Clue ${SLOW_ROUND}: `);
    await page.keyboard.press('?');
    await eventually(() => page.getByRole('region', { name: 'Keys' }).textContent()).toContain('wTo the slowest call');
    await page.close();
  });

  it('marks which policy made a turn, and where it changed', async () => {
    const { page } = await openRow(0);
    await eventually(() => timeline(page).textContent()).toContain('2 policies, 11 to 12');
    const changed = reader(page).locator('article', { hasText: 'policy 12, before 11' });
    await eventually(() => changed.count()).toBe(1);
    expect(await changed.getAttribute('id')).toBe('rolloscope-turn-11');
    await page.close();
  });

  it('shows one turn, and 800, each of which a key reaches', async () => {
    const { page: one } = await openRow(1);
    expect(await strip(one).locator('[data-bar]').count()).toBe(1);
    expect(await timeline(one).textContent()).toContain('Slowest: generating, 3.2 s of 3.2 s');
    await one.close();
    const { page } = await openRow(2);
    const drawn = () => strip(page).locator('[data-bar]').count();
    expect(await drawn()).toBeLessThan(700);
    await strip(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await eventually(() => markedTurn(page)).toBe('801');
    await eventually(() => isInView(page)).toBe(true);

    // Longer bars scroll, and the turn that one looks at stays in view.
    for (let i = 0; i < 5; i++) {
      // By role, each click would have the browser look at every turn for its name.
      await page.locator('section[aria-label=Timeline] button[aria-label="Longer bars"]').click();
    }
    await eventually(() => strip(page).evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(5_000);
    await eventually(drawn).toBeLessThan(200);
    await page.close();
  });

  it.each([
    [3, 'No times are logged: bars are as long as what was said, in characters.'],
    [4, 'No turns with times are logged: bars are as long as what was said, in characters.'],
  ])('shows lengths where there are no times, and says so: row %i', async (row, note) => {
    const { page } = await openRow(row);
    expect(await timeline(page).textContent()).toContain(note);
    expect(
      await timeline(page)
        .getByRole('button', { name: /Slowest/ })
        .count(),
    ).toBe(0);
    await strip(page).locator('[data-bar]').nth(3).click();
    await eventually(() => marked(page).count()).toBe(1);
    await page.close();
  });

  it('shows what is sound of what is not, and says the rest in words', async () => {
    const { page, faults } = await openRow(5);
    await timeline(page)
      .getByText(/notes on what is shown/)
      .click();
    const text = await timeline(page).textContent();
    for (const words of [
      '1 turn ends before it starts: its end is left out.',
      '1 turn names a message that there is not.',
      '1 turn is its own ancestor: it begins a branch.',
      '1 turn has a parent that there is not.',
      '1 turn is no object.',
      '1 turn starts before the one before it.',
      '1 turn has an older policy than the one before it.',
      'long gap cut short, the longest of 10 h',
    ]) {
      expect(text).toContain(words);
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it('takes no name for anything but text', async () => {
    const { page, faults } = await openRow(6);
    await page.keyboard.press('w');
    await eventually(() => timeline(page).textContent()).toContain('<img src=x onerror=alert(1)>\\u202e');
    expect(await reader(page).locator('img').count()).toBe(0);
    const width = await reader(page).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(width).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('holds nothing up with 60,000 turns', async () => {
    const { page } = await openRow(0, '', 1_400, 'many');
    expect(await strip(page).locator('[data-bar]').count()).toBeLessThan(1_000);
    const tasks = await recordTasks(page, async () => {
      await strip(page).focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await eventually(() => strip(page).getAttribute('aria-valuetext')).toContain('Turn 59,999 of 60,000');
    });
    const longest = Math.max(...tasks.map(({ cpu }) => cpu));
    console.log(`longest task of a key over 60,000 turns: ${longest.toFixed(0)} ms of processor time`);
    expect(longest).toBeLessThan(400);
    await page.close();
  });

  it.each([
    ['dark', 1_400],
    ['light', 390],
  ])('has nothing that axe finds, on the %s theme, %i pixels wide', async (theme, width) => {
    const { page } = await openRow(0, `?theme=${theme}`, width);
    await page.keyboard.press('w');
    await eventually(() => marked(page).count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
