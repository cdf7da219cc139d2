import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  drawnTexts,
  eventually,
  headers,
  keepDrawnTexts,
  lineColor,
  panel,
  panelErrors,
  rows,
  settled,
  showsRange,
} from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { logSeedPicture, SEED_ROWS } from './seedPicture';

const ACCURACY = { title: 4, chart: 6 };
const REWARD = { title: 5, chart: 7 };
const SYSTEM = /^<im_start>system\\nA conversation between User and Assistant\. The user asks a question, and the /;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  await logSeedPicture(stack.storeUrl);
});

afterAll(() => stack?.stop());

async function open(theme: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1440, 1100);
  await keepDrawnTexts(opened.page);
  await opened.page.goto(`${stack.previewUrl}/d/rolloscope-seed-picture?theme=${theme}`);
  await showsRange(opened.page, /^1 - 3 of 4$/);
  return opened;
}

describe.each(['dark', 'light'])('the provisioned seed picture, %s', (theme) => {
  it('shows the rows and curves as in the picture', async () => {
    const { page, faults } = await open(theme);
    expect(await page.getByText('runs.summary["rollout_examples"]', { exact: true }).isVisible()).toBe(true);
    for (const row of ['Tables 1', 'selected 2']) {
      expect(await page.getByText(row, { exact: true }).isVisible()).toBe(true);
    }
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    const shown = await rows(page);
    expect(shown.map((cells) => cells.slice(0, 3))).toEqual([
      ['1', '45', '1.1'],
      ['2', '45', '-0.1'],
      ['3', '46', '1.1'],
    ]);
    expect(shown.map((cells) => SYSTEM.test(cells[3] ?? ''))).toEqual([true, true, true]);
    expect(shown.map((cells) => cells[4]?.slice(0, 28))).toEqual([
      "<think> Let's denote the cur",
      "<think> Let's break it down ",
      '<think> First, we need to ca',
    ]);
    expect(shown[0]?.[4]).toContain("as \\( J \\) years.\\n5 years ago, Joan's");
    expect(await page.getByRole('button', { name: 'Previous page' }).isDisabled()).toBe(true);

    for (const { title, chart } of [ACCURACY, REWARD]) {
      await eventually(() => drawnTexts(page, chart)).toContain('Step');
      const name = panel(page, title).locator('p');
      const color = await name.evaluate((element) => getComputedStyle(element).color.match(/\d+/g)?.map(Number));
      expect(await lineColor(page, chart)).toEqual(color);
      // One line each, named by its title: no legend says it again.
      expect(await panel(page, chart).textContent()).toBe('');
    }
    expect(await panel(page, ACCURACY.title).textContent()).toBe('eval/accuracy/mean');
    expect(await panel(page, REWARD.title).textContent()).toBe('critic/rewards/mean');
    const ticks = async (id: number) => (await drawnTexts(page, id)).filter((text) => /^0(\.|$)/.test(text));
    expect((await ticks(ACCURACY.chart)).sort()).toEqual(['0.55', '0.6', '0.65', '0.7']);
    expect((await ticks(REWARD.chart)).sort()).toEqual(['0', '0.2', '0.4', '0.6', '0.8']);
    await settled(page);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });
});

describe('the table of the seed picture', () => {
  it('turns to row 4, opens it to its full text, and closes it', async () => {
    const { page, faults } = await open('dark');
    await page.getByRole('button', { name: 'Next page' }).click();
    await showsRange(page, /^4 - 4 of 4$/);
    await eventually(async () => (await rows(page)).map((cells) => cells.slice(0, 3))).toEqual([['4', '46', '-0.1']]);
    await page.locator('tbody tr[data-row]').click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    await reader.waitFor();
    await page.keyboard.press('r');
    const text = (name: string) => reader.getByRole('region', { name }).locator('[dir=auto]').textContent();
    await eventually(() => text('response')).toBe(SEED_ROWS[3]?.[3]);
    // The end of the last line draws no line of its own.
    expect(`${await text('prompt')}\n`).toBe(SEED_ROWS[3]?.[2]);
    await page.keyboard.press('Escape');
    await eventually(() => reader.count()).toBe(0);
    await showsRange(page, /^4 - 4 of 4$/);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('exports every row with exact values, and neither index nor cut text', async () => {
    const { page, faults } = await open('light');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = SEED_ROWS.map(([step, reward, ...texts]) => [step, reward, ...texts.map(quoted)].join(','));
    expect(csv).toBe(['step,reward,prompt,response', ...lines, ''].join('\r\n'));
    expect(faults).toEqual([]);
    await page.close();
  });

  it('hides a column and shows another, and Reset Table restores', async () => {
    const { page, faults } = await open('dark');
    await page.getByRole('button', { name: 'Columns...' }).click();
    await page.getByRole('checkbox', { name: 'prompt', exact: true }).uncheck({ force: true });
    await page.getByRole('checkbox', { name: 'run', exact: true }).check({ force: true });
    await page.keyboard.press('Escape');
    await eventually(() => headers(page)).toEqual(['', 'step', 'reward', 'response', 'run']);
    await page.getByRole('button', { name: 'Next page' }).click();
    await showsRange(page, /^4 - 4 of 4$/);
    await page.getByRole('button', { name: 'Reset Table' }).click();
    await showsRange(page, /^1 - 3 of 4$/);
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    expect(faults).toEqual([]);
    await page.close();
  });
});
