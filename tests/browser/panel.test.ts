import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage, type Stack } from './harness';
import type { PanelDashboard } from './panelDashboard';
import { HOSTILE, logManyRows, logRows, manyRow } from './panelData';
import { startPanelStack } from './panelStack';
import { logSeedPicture, SEED_RUN } from './seedPicture';

const MANY = 10_000;
const DASHBOARDS: PanelDashboard[] = [
  { uid: 'seed', run: SEED_RUN.id, options: { pageSize: 3, promptsFromStart: true } },
  { uid: 'narrow', run: SEED_RUN.id, width: 5 },
  { uid: 'live', run: 'live', rows: 'all', options: { pageSize: 4 } },
  { uid: 'hostile', run: 'hostile', height: 30 },
  { uid: 'many', run: 'many', rows: 'all', options: { pageSize: 1_000 } },
  { uid: 'unknown', run: 'no-such-run' },
  {
    uid: 'transformed',
    run: 'many',
    rows: 'all',
    transformations: [{ id: 'organize', options: { excludeByName: { run: true } } }],
  },
  {
    uid: 'thresholds',
    run: SEED_RUN.id,
    options: { colorBy: 'cell' },
    fieldConfig: {
      defaults: {
        color: { mode: 'thresholds' },
        thresholds: {
          mode: 'absolute',
          steps: [
            { value: null, color: '#c00000' },
            { value: 1, color: '#00c000' },
          ],
        },
      },
      overrides: [],
    },
  },
];

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack(DASHBOARDS, async (store) => {
    await logSeedPicture(store);
    await logRows(store, 'live', 1, [[1, 1.1, 'p', 'first'], ...filler(9)]);
    const hostile = HOSTILE.map((text, i) => [i, i % 2 === 0 ? 1.1 : -0.1, text, text]);
    await logRows(store, 'hostile', 1, hostile);
    await logManyRows(store, 'many', MANY);
  });
});

afterAll(() => stack?.stop());

function filler(count: number): unknown[][] {
  return Array.from({ length: count }, (_, i) => [1, -0.1, 'p', `filler ${i}`]);
}

async function open(uid: string, query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1300, 800);
  await opened.page.goto(`${stack.previewUrl}/d/${uid}${query}`);
  return opened;
}

/** A machine that is busy with other things needs its time. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read);

const headers = (page: Page) => page.locator('thead th').allTextContents();
const range = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).locator('span').first();
/** Texts of the rows that are drawn, index column first. */
const rows = (page: Page) =>
  page
    .locator('tbody tr[data-row]')
    .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
const shows = (page: Page, text: string) => eventually(() => range(page).textContent()).toBe(text);
const chip = (page: Page) => page.getByRole('button', { name: /new(er)? rows?$/ });

describe('the picture', () => {
  it('shows its rows, labels and controls', async () => {
    const { page, faults } = await open('seed');
    await shows(page, '1 - 3 of 4');
    expect(await page.getByText('runs.summary["rollout_examples"]', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByRole('region', { name: /rollout_examples/ }).count()).toBe(1);
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    const shown = await rows(page);
    expect(shown.map((cells) => cells.slice(0, 3))).toEqual([
      ['1', '45', '1.1'],
      ['2', '45', '-0.1'],
      ['3', '46', '1.1'],
    ]);
    for (const [, , , prompt = '', response = ''] of shown) {
      expect(prompt).toMatch(/^<im_start>system\\nA conversation between User and Assistant\. The user asks/);
      expect(response).toMatch(/^<think> /);
      expect(prompt + response).not.toContain('\n');
    }
    expect(shown[1]?.[4]).toContain('step by step:\\n1. Total points scored by the team: 311\\n2. Points');
    for (const name of ['Export as CSV', 'Columns...', 'Reset Table']) {
      expect(await page.getByRole('button', { name, exact: true }).isVisible()).toBe(true);
    }
    expect(await page.getByLabel('Page of 2').inputValue()).toBe('1');
    expect(await page.getByRole('button', { name: 'Previous page' }).textContent()).toBe('<');
    expect(await page.getByRole('button', { name: 'Previous page' }).isDisabled()).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('begins prompts with what was asked, where nobody wants their start', async () => {
    const { page } = await open('thresholds');
    await eventually(async () => (await rows(page))[0]?.[3]).toMatch(/^…Bill's experience is five years more/);
    await page.close();
  });

  it('turns to page 2, whose index goes on', async () => {
    const { page } = await open('seed');
    await shows(page, '1 - 3 of 4');
    await page.getByRole('button', { name: 'Next page' }).click();
    await shows(page, '4 - 4 of 4');
    expect((await rows(page)).map((cells) => cells.slice(0, 3))).toEqual([['4', '46', '-0.1']]);
    expect(await page.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
    await page.getByLabel('Page of 2').fill('1');
    await page.keyboard.press('Enter');
    await shows(page, '1 - 3 of 4');
    await page.close();
  });

  it('downloads all rows as CSV, with real newlines and without the index', async () => {
    const { page } = await open('seed');
    await shows(page, '1 - 3 of 4');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.split('\r\n')[0]).toBe('step,reward,prompt,response');
    expect(csv.match(/^4[56],(1\.1|-0\.1),"<im_start>system$/gm)).toEqual([
      '45,1.1,"<im_start>system',
      '45,-0.1,"<im_start>system',
      '46,1.1,"<im_start>system',
      '46,-0.1,"<im_start>system',
    ]);
    await eventually(() => page.getByText('Exporting 4 rows').isVisible()).toBe(true);
    await page.close();
  });

  it('hides, shows and moves columns, sorts, and resets', async () => {
    const { page } = await open('seed');
    await shows(page, '1 - 3 of 4');
    await page.getByRole('button', { name: 'Columns...' }).click();
    await page.getByRole('checkbox', { name: 'prompt', exact: true }).uncheck({ force: true });
    await page.getByRole('checkbox', { name: 'run', exact: true }).check({ force: true });
    await page.getByLabel('Move run up').click();
    await page.keyboard.press('Escape');
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'run', 'response']);
    await page.getByRole('button', { name: 'reward', exact: true }).click();
    await eventually(async () => (await rows(page)).map((cells) => cells[2])).toEqual(['-0.1', '-0.1', '1.1']);
    expect(await page.locator('th[aria-sort="ascending"]').textContent()).toBe('reward');
    await page.getByRole('button', { name: 'Reset Table' }).click();
    await eventually(async () => (await rows(page)).map((cells) => cells[2])).toEqual(['1.1', '-0.1', '1.1']);
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    await page.close();
  });

  it('opens a row to its full text, by keyboard alone', async () => {
    const { page } = await open('seed');
    await shows(page, '1 - 3 of 4');
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: /^Row / });
    await drawer.waitFor();
    await page.keyboard.press('r');
    const text = () => drawer.getByRole('region', { name: 'response' }).locator('[dir=auto]').textContent();
    await eventually(text).toContain('step by step:\n1. Total points scored by the team: 311\n2. Points');
    await page.keyboard.press('j');
    await eventually(text).toContain('square feet.\nJackson');
    await page.keyboard.press('j');
    await eventually(text).toContain('twice a day.\nThat is');
    expect(await range(page).textContent()).toBe('4 - 4 of 4');
    await page.keyboard.press('k');
    await page.keyboard.press('Escape');
    await eventually(() => drawer.count()).toBe(0);
    await eventually(() => page.evaluate(() => document.activeElement?.firstElementChild?.textContent)).toBe('3');
    await page.close();
  });

  it.each(['dark', 'light'])('reads on the %s theme, in the colours of the rewards', async (theme) => {
    const { page } = await open('seed', `?theme=${theme}`);
    await shows(page, '1 - 3 of 4');
    const colors = await page
      .locator('tbody tr[data-row]')
      .evaluateAll((list) => list.map((row) => getComputedStyle(row).backgroundColor.match(/\d+/g)?.map(Number) ?? []));
    const blueness = colors.map(([r = 0, , b = 0]) => b - r);
    expect(blueness[0]).toBeGreaterThan(5);
    expect(blueness[1]).toBeLessThan(-5);
    expect(colors[2]).toEqual(colors[0]);
    await page.close();
  });

  it('follows the thresholds of the panel', async () => {
    const { page } = await open('thresholds');
    await shows(page, '1 - 4 of 4');
    const cells = await page
      .locator('tbody tr[data-row] td:nth-child(3)')
      .evaluateAll((list) =>
        list.map((cell) => getComputedStyle(cell).backgroundColor.match(/\d+/g)?.map(Number) ?? []),
      );
    expect(cells.map(([r = 0, g = 0]) => (g > r ? 'green' : 'red'))).toEqual(['green', 'red', 'green', 'red']);
    expect(await page.getByRole('img', { name: 'Colors of reward: < 1, ≥ 1' }).count()).toBe(1);
    await page.close();
  });

  it('fits a narrow panel', async () => {
    const { page } = await open('narrow');
    await shows(page, '1 - 4 of 4');
    const panel = page.getByRole('region', { name: /rollout_examples/ });
    const box = await panel.boundingBox();
    for (const name of ['Export as…', 'Columns...', 'Reset Table']) {
      const button = await panel.getByRole('button', { name }).boundingBox();
      expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
    }
    // What CSV has one button for where there is room is in the menu there.
    await panel.getByRole('button', { name: 'Export as…' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
    await page.close();
  });
});

describe('a live run', () => {
  it('shows new rows by itself, and never moves a reader', async () => {
    const { page } = await open('live');
    await shows(page, '1 - 4 of 10');
    await page.getByRole('button', { name: 'reward', exact: true }).click();
    await page.getByRole('button', { name: 'Next page' }).click();
    await shows(page, '5 - 8 of 10');
    await expect
      .poll(async () => (await rows(page)).map((cells) => cells[4]))
      .toEqual(['filler 4', 'filler 5', 'filler 6', 'filler 7']);
    const before = await rows(page);

    // Sorted by reward, these come first: they would push every row of the page down.
    await logRows(stack.storeUrl, 'live', 2, [
      [2, -5, 'p', 'worse'],
      [2, -4, 'p', 'bad'],
    ]);
    await eventually(() => chip(page).textContent()).toBe('2 new rows');
    expect(await rows(page)).toEqual(before);
    await chip(page).click();
    await shows(page, '1 - 4 of 12');
    await eventually(async () => (await rows(page)).slice(0, 2).map((cells) => cells[4])).toEqual(['worse', 'bad']);
    expect(await chip(page).count()).toBe(0);

    await logRows(stack.storeUrl, 'live', 3, [[3, -9, 'p', 'worst']]);
    await shows(page, '1 - 4 of 13');
    expect((await rows(page))[0]?.slice(1)).toEqual(['3', '-9', 'p', 'worst']);
    await page.close();
  });
});

describe('many rows', () => {
  it('draws what is in view, and pages and sorts in the store', async () => {
    const { page } = await open('many');
    await shows(page, `1 - 1000 of ${MANY}`);
    // A history begins with its latest step.
    await eventually(async () => (await rows(page))[0]?.[1]).toBe(String(manyRow(MANY - 1)[0]));
    expect((await rows(page)).length).toBeLessThan(30);
    await page.getByRole('button', { name: 'step', exact: true }).click();
    await eventually(async () => (await rows(page))[0]?.[1]).toBe(String(manyRow(0)[0]));
    await page.getByLabel('Page of 10').fill('10');
    await page.keyboard.press('Enter');
    await shows(page, `9001 - 10000 of ${MANY}`);
    await eventually(async () => (await rows(page))[0]?.[4]).toContain(manyRow(9_000)[3].slice(0, 40));
    await page.getByRole('button', { name: 'step', exact: true }).click();
    await shows(page, `1 - 1000 of ${MANY}`);
    await eventually(async () => (await rows(page))[0]?.[1]).toBe(String(manyRow(MANY - 1)[0]));
    await page.close();
  });

  it('works on the rows of a transformed frame, and says that there are more', async () => {
    const { page } = await open('transformed');
    await eventually(() =>
      page.getByText(new RegExp(`\\d+ of ${MANY.toLocaleString('en')} rows: after transformations`)).count(),
    ).toBe(1);
    expect(await headers(page)).toEqual(['', 'step', 'reward', 'prompt', 'response']);
    await page.close();
  });
});

describe('what can go wrong', () => {
  it('shows hostile text as text', async () => {
    const { page, faults } = await open('hostile');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await shows(page, `1 - ${HOSTILE.length} of ${HOSTILE.length}`);
    const shown = (await rows(page)).map((cells) => cells[4] ?? '');
    expect(shown[0]).toContain('<script>alert(1)</script><img src=x onerror=alert(1)>');
    expect(shown.join('')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(Math.max(...shown.map((text) => text.length))).toBeLessThan(15_000);
    for (let row = 0; row < HOSTILE.length; row++) {
      await page.locator(`[data-row="${row}"]`).click();
      await page.getByRole('dialog').getByText('characters', { exact: false }).first().waitFor();
      expect(await page.getByRole('dialog').locator('script, img, iframe, a[href]').count()).toBe(0);
      await page.keyboard.press('Escape');
      await eventually(() => page.getByRole('dialog').count()).toBe(0);
    }
    expect([dialogs, faults]).toEqual([[], []]);
    await page.close();
  });

  it('keeps its rows while the store is away, says so, and recovers by itself', async () => {
    const { page } = await open('seed');
    await shows(page, '1 - 3 of 4');
    const before = await rows(page);
    await page.route('**/api/datasources/proxy/**', (route) => route.abort());
    await eventually(() => page.getByRole('alert').textContent()).toMatch(/^Query A failed: /);
    expect(await rows(page)).toEqual(before);
    await page.unroute('**/api/datasources/proxy/**');
    await eventually(() => page.getByText(/Query A failed/).count()).toBe(0);
    expect(await rows(page)).toEqual(before);
    await page.close();
  });

  it('says which run is not there', async () => {
    const { page } = await open('unknown');
    await eventually(() => page.getByText('No rollouts to show').count()).toBe(1);
    expect(await page.getByText(/no-such-run/).count()).toBeGreaterThan(0);
    await page.close();
  });
});
