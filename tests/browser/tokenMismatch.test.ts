import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { openPage, type Stack } from './harness';
import { recordTasks } from './longTasks';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

/** As many tokens as the longest rollouts have. */
const MANY = 100_000;
/** What the trainer finds far less likely than the engine did, the farthest first. */
const FAR = [91_234, 17, 50_000] as const;

const texts = (count: number) => Array.from({ length: count }, (_, i) => (i % 40 === 39 ? '.\n' : ` w${i % 997}`));
function cellOf(count: number, withTexts: boolean) {
  const engineLogprob = Array.from({ length: count }, (_, i) => -((i * 31) % 97) / 50);
  const trainerLogprob = engineLogprob.map((value, i) => {
    const far = (FAR as readonly number[]).indexOf(i);
    return i % 11 === 0 && far < 0
      ? null
      : Math.round((value - (far < 0 ? ((i * 13) % 7) / 1000 : 5 - far)) * 1e4) / 1e4;
  });
  const id = Array.from({ length: count }, (_, i) => i % 50_000);
  return { ...(withTexts ? { text: texts(count) } : { id }), engineLogprob, trainerLogprob };
}

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'mismatch', run: 'mismatch' }], async (store) => {
    await call(store, 'PUT', '/runs/mismatch', { project: 'tokens' });
    const rows = [
      ['q', texts(MANY).join(''), cellOf(MANY, true)],
      ['q', texts(300).join(''), cellOf(300, true)],
      ['q', 'No texts a token', cellOf(300, false)],
    ];
    const table = { columns: ['prompt', 'response', 'tokens'], rows };
    await call(store, 'POST', '/runs/mismatch/log', { entries: [{ step: 1, tables: { rollout_examples: table } }] });
  });
});

afterAll(() => stack?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000 });
const view = (page: Page) => page.getByRole('region', { name: 'Tokens' });
const detail = (page: Page) => view(page).getByRole('status').textContent();
const elements = (page: Page) => view(page).evaluate((element) => element.querySelectorAll('*').length);

async function openRow(
  row: number,
  query = '',
  width = 1400,
): Promise<{ page: Page; bytes: { before: number; all: number } }> {
  const { page } = await openPage(stack.browser, width, 900);
  const bytes = { before: 0, all: 0 };
  page.on('response', (answer) => {
    if (answer.url().includes('/api/v1/')) {
      void answer.body().then(
        (body) => {
          bytes.all += body.length;
        },
        () => undefined,
      );
    }
  });
  await page.goto(`${stack.previewUrl}/d/mismatch${query}`);
  await page.locator(`[data-row="${row}"]`).waitFor();
  await page.waitForLoadState('networkidle');
  bytes.before = bytes.all;
  await page.locator(`[data-row="${row}"]`).click();
  await page
    .getByRole('dialog')
    .locator('button', { hasText: /^Tokens$/ })
    .waitFor();
  return { page, bytes };
}

/** Opens the view of tokens; how long that took by the page's own clock, until it was drawn. */
const openTokens = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        const look = () =>
          document.querySelector('[data-token]')
            ? requestAnimationFrame(() => resolve(performance.now() - started))
            : requestAnimationFrame(look);
        [...document.querySelectorAll('[role=dialog] button')]
          .find((one) => one.textContent === 'Tokens')
          ?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        look();
      }),
  );

describe('how far engine and trainer are apart, by token', { timeout: 180_000 }, () => {
  it('opens 100,000 tokens with no more elements than 300, and none of it is asked for before', async () => {
    const { page, bytes } = await openRow(0);
    await openTokens(page);
    await page.keyboard.press('p');
    // The second time its code is there, as for every row but the first.
    let took = 0;
    const tasks = await recordTasks(page, async () => {
      took = await openTokens(page);
    });
    const many = await elements(page);
    const longest = Math.max(0, ...tasks.map(({ cpu }) => cpu));
    console.log(
      `100,000 tokens: drawn after ${took.toFixed(0)} ms, ${many} elements, longest task ${longest.toFixed(0)} ms`,
    );
    expect(bytes.before).toBeLessThan(100_000);
    expect(bytes.all).toBeGreaterThan(1_000_000);
    expect(await view(page).textContent()).toContain('100,000 tokens');
    await page.close();
    const { page: few } = await openRow(1);
    await openTokens(few);
    expect(many).toBeLessThan((await elements(few)) + 2_000);
    expect(longest).toBeLessThan(400);
    await few.close();
  });

  it('leads from the worst token to the next, by button and by key, with the exact numbers', async () => {
    const { page } = await openRow(0);
    await openTokens(page);
    await view(page).getByRole('button', { name: 'Worst token', exact: true }).click();
    await eventually(() => detail(page)).toMatch(
      /^Token 91,235: “ w\d+” · trainer − engine -5 · engineLogprob -[\d.]+ · trainerLogprob -[\d.]+$/,
    );
    await eventually(() => page.locator('[data-token][data-active]').getAttribute('data-token')).toBe(String(FAR[0]));
    expect(await page.locator('[data-token][data-active]').getAttribute('data-shade')).toBe('-4');
    for (const [key, token] of [
      ['n', FAR[1]],
      ['n', FAR[2]],
      ['N', FAR[1]],
    ] as const) {
      await page.keyboard.press(key);
      await eventually(() => page.locator('[data-token][data-active]').getAttribute('data-token')).toBe(String(token));
    }
    expect(await view(page).textContent()).toContain('Worst 2 of 1,000');
    await page.close();
  });

  it('has no shade and no 0 where a number is missing, and shows ids where no texts are logged', async () => {
    const { page } = await openRow(2);
    await openTokens(page);
    const token = page.locator('[data-token="11"]');
    await eventually(() => token.textContent()).toBe('#11');
    expect(await token.getAttribute('data-shade')).toBeNull();
    await token.hover();
    await eventually(() => detail(page)).toContain('trainer − engine none');
    expect(await view(page).textContent()).toContain('each is shown by its number in id');
    await page.close();
  });

  it.each([
    ['dark', 1_400],
    ['light', 390],
  ])('has nothing that axe finds, on the %s theme, %i pixels wide', async (theme, width) => {
    const { page } = await openRow(1, `?theme=${theme}`, width);
    await openTokens(page);
    await page.keyboard.press('n');
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
