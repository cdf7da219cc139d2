import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings } from './axe';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { READER_COLUMNS, readerRows } from './readerRows';
import { call } from './seedPicture';

let stack: Stack;

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'reader', run: 'reader', options: { pageSize: 4 } }], async (store) => {
    await call(store, 'PUT', '/runs/reader', { project: 'reader' });
    const entries = [{ step: 45, tables: { rollout_examples: { columns: READER_COLUMNS, rows: readerRows() } } }];
    await call(store, 'POST', '/runs/reader/log', { entries });
  });
});

afterAll(() => stack?.stop());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read);
const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const turns = (page: Page) => reader(page).getByRole('article');
const title = (page: Page) => reader(page).getByRole('heading', { level: 2 }).textContent();

async function openRow(row: number, query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 900);
  await opened.page.goto(`${stack.previewUrl}/d/reader${query}`);
  await opened.page.locator(`[data-row="${row}"]`).click();
  await reader(opened.page).locator('dl').first().waitFor();
  return opened;
}

describe('reading a rollout', () => {
  it('shows turns, folded thinking, formulas, code and the answer in words', async () => {
    const { page, faults } = await openRow(0);
    await eventually(() => turns(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual([
      'System',
      'User',
      'Assistant',
    ]);
    const thinking = reader(page).getByRole('button', { name: /^Thinking \d+ characters · opened by the prompt/ });
    expect(await thinking.getAttribute('aria-expanded')).toBe('false');
    const answer = reader(page).getByRole('note', { name: 'Answer' });
    expect((await answer.textContent())?.replace(/\s+/g, ' ')).toContain(
      'Answer 3 by \\boxed{}matches the ground truth 3',
    );
    await eventually(() => reader(page).locator('math').count()).toBeGreaterThan(3);
    await eventually(() => reader(page).locator('.hljs-keyword').first().textContent()).toBe('def');
    expect(await reader(page).locator('table th').first().textContent()).toBe('root');
    expect(await reader(page).getByText('(https://example.com/notes)').count()).toBe(1);
    expect(await reader(page).locator('a[href], img').count()).toBe(0);
    await thinking.click();
    await eventually(() => reader(page).getByText('so I factor it').count()).toBe(1);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('gives the focus back to its row, and not to someone who walks on already', async () => {
    const { page } = await openRow(1);
    const steps = await page.evaluate(async () => {
      // All within a frame.
      const press = async (key: string) => {
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        await Promise.resolve().then(() => undefined);
      };
      const row = () => (document.activeElement as HTMLElement | null)?.dataset.row;
      await press('Escape');
      document.querySelector<HTMLElement>('[data-row="1"]')?.focus();
      await press('ArrowDown');
      await press('ArrowDown');
      const at = row();
      for (let frame = 0; frame < 3; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return [at, row(), document.querySelector('[role=dialog]')];
    });
    expect(steps).toEqual(['3', '3', null]);
    await page.locator('[data-row="2"]').click();
    await reader(page).locator('dl').first().waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.row)).toBe('2');
    await page.close();
  });

  it('loads its chunks from where the panel lies, and only for rows that need them', async () => {
    const { page, faults } = await openPage(stack.browser, 1400, 900);
    const chunks: string[] = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (/\.[0-9a-f]{8}\.js$/.test(pathname) && pathname.includes('rolloscope-rollouts-panel')) {
        chunks.push(`${response.status()} ${pathname.slice(0, pathname.lastIndexOf('/'))}`);
      }
    });
    await page.goto(`${stack.previewUrl}/d/reader`);
    await page.locator('[data-row="2"]').click();
    await turns(page).first().waitFor();
    await page.waitForTimeout(500);
    // The reader itself, which comes behind the table, is all that a plain row needs.
    expect(chunks).toHaveLength(1);
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await eventually(() => reader(page).locator('math').count()).toBeGreaterThan(3);
    expect(chunks.length).toBeGreaterThan(3);
    expect(new Set(chunks)).toEqual(new Set(['200 /public/plugins/rolloscope-rollouts-panel']));
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says why where its code cannot be fetched, and tries again', async () => {
    const { page } = await openPage(stack.browser, 1400, 900);
    const code = /rolloscope-rollouts-panel\/\d+\.[0-9a-f]{8}\.js$/;
    await page.route(code, (route) => route.abort());
    await page.goto(`${stack.previewUrl}/d/reader`);
    await page.locator('[data-row="2"]').click();
    const pane = page.getByRole('dialog', { name: 'The reader' });
    await pane.getByText('The reader could not be loaded').waitFor();
    await page.unroute(code);
    await pane.getByText('Retry', { exact: true }).click();
    await turns(page).first().waitFor();
    await page.close();
  });

  it('marks what a response gives to others, and obeys none of it', async () => {
    const { page } = await openRow(1);
    await eventually(() => turns(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))).toEqual([
      'System',
      'User',
      'Assistant',
      'Text',
      'User',
      'Assistant',
    ]);
    expect(await turns(page).nth(3).textContent()).toContain('outside of a turn');
    expect(await turns(page).nth(3).textContent()).toContain('1 control token in the text');
    expect(await turns(page).nth(4).textContent()).toContain('in the response');
    expect(await reader(page).getByText('\\u202e\\u200b ×2', { exact: true }).count()).toBe(1);
    expect(await reader(page).getByRole('note', { name: 'Answer' }).textContent()).toContain('No final answer found');
    await page.close();
  });

  it('goes on over the end of a page, and stays open while the next one loads', async () => {
    const { page } = await openRow(2);
    await page.keyboard.press('j');
    await eventually(() => title(page)).toMatch(/^Row 4 of 6/);
    await page.keyboard.press('j');
    await eventually(() => title(page)).toMatch(/^Row 5 of 6/);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await eventually(() => title(page)).toMatch(/^Row 6 of 6/);
    await page.keyboard.press('k');
    await eventually(() => title(page)).toMatch(/^Row 5 of 6/);
    await page.close();
  });

  it('is read beside the table: a click on another row shows that one', async () => {
    const { page } = await openRow(0);
    await page.locator('[data-row="2"] td').first().click();
    await eventually(() => title(page)).toMatch(/^Row 3 of 6/);
    await page.close();
  });

  it('lists the turns of a long rollout, to jump to', async () => {
    const { page } = await openRow(3);
    const outline = reader(page).getByRole('navigation', { name: 'Turns' });
    await outline.getByRole('button', { name: /^Outline \d+ turns/ }).click();
    await outline.getByRole('button', { name: /^20 / }).click();
    await eventually(() => page.evaluate(() => document.activeElement?.id)).toBe('rolloscope-turn-19');
    await page.close();
  });
});

describe('finding and taking along', () => {
  it('searches the row, thinking included, with counts', async () => {
    const { page } = await openRow(0);
    await page.keyboard.press('/');
    await page.keyboard.type('FACTOR');
    const hits = reader(page).getByRole('search').getByRole('status');
    await eventually(() => hits.textContent()).toBe('1 of 2');
    await page.keyboard.press('Enter');
    await eventually(() => hits.textContent()).toBe('2 of 2');
    await page.keyboard.press('Enter');
    await eventually(() => hits.textContent()).toBe('1 of 2');
    await page.keyboard.press('Escape');
    await eventually(() => reader(page).getByRole('search').count()).toBe(0);
    expect(await reader(page).count()).toBe(1);
    await page.close();
  });

  it('copies a finding whose link opens the row again, at absolute times', async () => {
    const { page } = await openRow(2);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await eventually(() => page.evaluate(() => location.search)).toContain('rollouts-1=');
    await page.keyboard.press('c');
    await eventually(() => reader(page).getByText('Finding copied').count()).toBe(1);
    const finding = await page.evaluate(() => navigator.clipboard.readText());
    expect(finding).toMatch(/^reward 0.1 · .*step 45/);
    expect(finding).toContain('Nothing but text.');
    const link = finding.split('\n').at(-1) ?? '';
    expect(link).toMatch(/from=\d{13}&to=\d{13}/);
    const { page: other } = await openPage(stack.browser, 1400, 900);
    await other.goto(link);
    await eventually(() => title(other)).toMatch(/^Row 3 of 6/);
    await other.close();
    await page.close();
  });

  it.each([
    ['Copy as text', /^System:\nYou are/],
    ['Copy as Markdown', /^### System\n\n```text\nYou are/],
    ['Copy as JSON', /^\{\n {2}"/],
  ])('%s', async (item, start) => {
    const { page } = await openRow(0);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await reader(page).getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(start);
    await page.close();
  });
});

describe('access', () => {
  it('is used by keyboard alone, and gives the focus back to the row', async () => {
    const { page } = await openPage(stack.browser, 1400, 900);
    await page.goto(`${stack.previewUrl}/d/reader`);
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await reader(page).locator('dl').first().waitFor();
    await eventually(() => reader(page).locator('h2[aria-live=polite]').textContent()).toMatch(/^Row 2 of 6/);
    await page.keyboard.press('?');
    await reader(page).getByRole('region', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => reader(page).getByRole('region', { name: 'Keys' }).count()).toBe(0);
    const edge = reader(page).getByRole('separator', { name: 'Width of the reader' });
    const width = Number(await edge.getAttribute('aria-valuenow'));
    await edge.focus();
    await page.keyboard.press('ArrowLeft');
    await eventually(() => edge.getAttribute('aria-valuenow')).toBe(String(width + 40));
    await page.keyboard.press('f');
    await eventually(async () => (await reader(page).boundingBox())?.width).toBe(1400);
    await page.keyboard.press('Escape');
    await eventually(() => reader(page).count()).toBe(0);
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('1');
    await page.close();
  });

  it.each(['dark', 'light'])('has nothing that axe finds, on the %s theme', { timeout: 90_000 }, async (theme) => {
    for (const row of [0, 1, 3]) {
      const { page } = await openRow(row, `?theme=${theme}`);
      await page.keyboard.press('t');
      await page.keyboard.press('/');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await page.waitForTimeout(500);
      expect(await axeFindings(page)).toEqual([]);
      await page.close();
    }
  });
});
