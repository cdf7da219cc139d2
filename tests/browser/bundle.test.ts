import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataUrl, png, wav } from '../../store/testing/mediaSamples';
import { axeFindings } from './axe';
import { openPage, type Stack } from './harness';
import { hostileTexts } from './hostileTexts';
import { startPanelStack } from './panelStack';
import { READER_COLUMNS, readerRows } from './readerRows';
import { call } from './seedPicture';

const RUN = 'codename-zebra';
const COLUMNS = ['step', 'reward', 'prompt', 'response', 'config', 'groupId', 'private_note'];

/** A group of 4, rollouts of 12 KB, and texts that would leave their element if they could. */
const group = (step: number) =>
  Array.from({ length: 4 }, (_, i) => [
    step,
    i / 3,
    'How much is Zebra’s share?',
    `I think about Project Zebra ${i}.\nIt is ${i * 7}.`,
    { url: 'https://zebra.example/a?key=sk-abc123', owner: 'A & B "qwzx"' },
    'g1',
    'nobody may read this',
  ]);
const longText = Array.from({ length: 200 }, (_, i) => `Line ${i} of a long answer, as a policy writes it. `).join('');
const long = Array.from({ length: 100 }, (_, i) => [
  1,
  i,
  `Question ${i}`,
  `${i} ${longText.repeat(2).slice(0, 12_000)}`,
]);

let stack: Stack;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-bundles-'));
  const dashboards = ['reader', RUN, 'long', 'hostile', 'many', 'media'].map((run) => ({
    uid: run,
    run,
    options: { pageSize: run === 'reader' ? 4 : 50 },
  }));
  stack = await startPanelStack(dashboards, async (store) => {
    const log = async (run: string, columns: string[], rows: unknown[][]) => {
      await call(store, 'PUT', `/runs/${run}`, { project: 'bundles' });
      for (let at = 0; at < rows.length; at += 10_000) {
        const part = { columns, rows: rows.slice(at, at + 10_000) };
        await call(store, 'POST', `/runs/${run}/log`, { entries: [{ step: 1, tables: { rollout_examples: part } }] });
      }
    };
    await log('reader', READER_COLUMNS, readerRows());
    await log(RUN, COLUMNS, group(1));
    await log('long', READER_COLUMNS.slice(0, 4), long);
    await log(
      'many',
      ['prompt', 'response'],
      Array.from({ length: 100_000 }, (_, i) => ['q', `a ${i}`]),
    );
    await log(
      'media',
      ['step', 'reward', 'prompt', 'response', 'picture'],
      [
        [1, 1, 'What is it?', 'A square.', dataUrl('image/png', png(64, 64, 1))],
        [1, 0, 'What is it?', 'A sound.', [dataUrl('image/png', png(64, 64, 1)), dataUrl('audio/wav', wav(1))]],
      ],
    );
    const hostile = hostileTexts()
      .filter(({ text }) => text.length < 20_000)
      .map(({ text }) => [1, 0, text, text]);
    await log('hostile', READER_COLUMNS.slice(0, 4), hostile);
  });
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000 });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Save rollouts as HTML' });

async function openTable(uid: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1400, 900);
  await opened.page.goto(`${stack.previewUrl}/d/${uid}`);
  await opened.page.locator('[data-row="0"]').waitFor();
  return opened;
}

/** By the keyboard alone, as far as the dialog. */
async function askByKeyboard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Export as…' }).focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: 'Save as HTML…' });
  await item.waitFor();
  const isThere = () => item.evaluate((element) => element.matches(':focus'));
  for (let tries = 0; tries < 12 && !(await isThere()); tries++) {
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(100);
  }
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
}

/** Presses Save, and returns where the file lies. */
async function save(page: Page, name: string): Promise<{ file: string; bytes: Buffer }> {
  const button = dialog(page).getByRole('button', { name: /^Save \d+ rollouts?$/ });
  await button.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^[\p{L}\p{N}._-]+\.html$/u);
  const file = join(folder, `${name}.html`);
  await download.saveAs(file);
  return { file, bytes: await readFile(file) };
}

/** The file in a browser without a network. Whatever it asks for is noted. */
async function openFile(file: string, look: { dark?: boolean; width?: number } = {}) {
  const context = await stack.browser.newContext({
    offline: true,
    viewport: { width: look.width ?? 1400, height: 900 },
    colorScheme: look.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const asked: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('dialog', (box) => faults.push(`dialog: ${box.message()}`));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  await reader(page).locator('dl').first().waitFor();
  return { page, asked: () => asked.filter((url) => url !== address && !url.startsWith('data:')), faults, context };
}

const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const turns = (page: Page) => reader(page).getByRole('article');

describe('a file of rollouts', () => {
  it('is saved from the export menu, opens offline, asks for nothing and reads like the reader', async () => {
    const { page, faults } = await openTable('reader');
    await askByKeyboard(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await dialog(page).getByRole('radio').first().isChecked()).toBe(true);
    await dialog(page)
      .getByLabel(/^All that filter, search and lens leave \(6 rollouts\)/)
      .check();
    const { file, bytes } = await save(page, 'reader');
    await eventually(() => dialog(page).getByRole('status').textContent()).toMatch(/^Saved 6 rollouts, \d\.\d MB\.$/);
    expect(faults).toEqual([]);
    await page.close();

    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(bytes.toString())?.[1];
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'nonce-[0-9a-f]{32}'; /);
    expect(policy).not.toContain('unsafe');
    const opened = await openFile(file);
    const bundle = opened.page;
    await eventually(() => turns(bundle).count()).toBe(3);
    await eventually(() => reader(bundle).locator('math').count()).toBeGreaterThan(3);
    await eventually(() => reader(bundle).locator('.hljs-keyword').first().textContent()).toBe('def');
    const thinking = reader(bundle).getByRole('button', { name: /^Thinking \d+ characters/ });
    expect(await thinking.getAttribute('aria-expanded')).toBe('false');
    await bundle.keyboard.press('t');
    await eventually(() => thinking.getAttribute('aria-expanded')).toBe('true');
    await bundle.keyboard.press('/');
    await bundle.keyboard.type('larger root');
    await eventually(() =>
      reader(bundle)
        .getByText(/^1 of \d/)
        .count(),
    ).toBe(1);
    await bundle.keyboard.press('Escape');
    await bundle.keyboard.press('r');
    await eventually(() => reader(bundle).getByText('Blanks and ends of lines').count()).toBe(1);
    await bundle.keyboard.press('r');
    await bundle.keyboard.press('j');
    await eventually(() => turns(bundle).count()).toBe(6);
    await bundle.getByRole('searchbox', { name: 'Search all rollouts' }).fill('clue 11');
    await eventually(() => bundle.getByText('1 of 6 rollouts').count()).toBe(1);
    await bundle.getByRole('button', { name: 'Read rollout 4' }).click();
    await eventually(() => turns(bundle).count()).toBeGreaterThan(20);
    await bundle.getByText('About this file').click();
    const about = (await bundle.locator('main > details').textContent()) ?? '';
    for (const said of ['reader', 'rollout_examples', stack.previewUrl, 'Made withRolloscope', '"version":"latest"']) {
      expect(about).toContain(said);
    }
    expect(about).toContain('Nothing was left out, nothing blacked out.');
    expect(opened.asked()).toEqual([]);
    expect(opened.faults).toEqual([]);
    await opened.context.close();
  });

  it('has the images and sounds in it, each once, and nothing of them where they were left out', async () => {
    const { page } = await openTable('media');
    await askByKeyboard(page);
    const choice = dialog(page).getByLabel(/^With 2 images and sounds \(\d+\.\d MB\)$/);
    await choice.waitFor();
    const whole = await save(page, 'media');
    await choice.press(' ');
    const without = await save(page, 'without');
    await eventually(() => dialog(page).getByRole('status').textContent()).toContain('Without 2 images and sounds.');
    await page.close();

    const image = png(64, 64, 1).toString('base64');
    expect(whole.bytes.toString().split(image)).toHaveLength(2);
    expect(whole.bytes.toString()).toContain('data:audio/wav;base64,');
    const opened = await openFile(whole.file);
    const drawn = reader(opened.page).locator('img');
    await eventually(() =>
      drawn.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth)),
    ).toEqual([64]);
    await opened.page.keyboard.press('j');
    const sound = reader(opened.page).locator('audio');
    await sound.waitFor();
    await sound.evaluate((one) => (one as HTMLAudioElement).play());
    expect(await sound.evaluate((one) => (one as HTMLAudioElement).duration)).toBeCloseTo(1, 1);
    expect(opened.asked()).toEqual([]);
    expect(opened.faults).toEqual([]);
    await opened.context.close();

    const hash = createHash('sha256')
      .update(png(64, 64, 1))
      .digest('hex');
    expect(whole.bytes.toString()).toContain(hash);
    expect(without.bytes.toString()).not.toContain(hash);
    expect(without.bytes.toString()).not.toContain(image.slice(0, 60));
    const bare = await openFile(without.file);
    expect(await reader(bare.page).locator('img').count()).toBe(0);
    await bare.page.getByText('About this file').click();
    expect(await bare.page.locator('main > details').textContent()).toContain('Left out: 2 images and sounds');
    expect(bare.faults).toEqual([]);
    await bare.context.close();
  });

  it('holds a group with its strip and its comparison', async () => {
    const { page } = await openTable(RUN);
    await page.locator('[data-row="0"]').click();
    await reader(page).locator('dl').first().waitFor();
    await page.keyboard.press('g');
    await reader(page).getByRole('button', { name: 'Save as HTML…' }).click();
    const { file } = await save(page, 'group');
    await page.close();
    const opened = await openFile(file);
    const shown = reader(opened.page);
    await eventually(() => shown.getByRole('heading', { name: 'Group of 4' }).count()).toBe(1);
    expect(await shown.getByRole('toolbar', { name: 'Rewards, the best first' }).getByRole('button').count()).toBe(4);
    const comparison = shown.getByRole('region', { name: 'Comparison of two responses' });
    await eventually(() => comparison.locator('del').allTextContents()).toContain('3');
    expect(await comparison.getByRole('heading').textContent()).toBe('#4 (1) against #1 (0)');
    expect(await shown.getByText('advantage =').count()).toBe(1);
    expect(opened.faults).toEqual([]);
    await opened.context.close();
  });

  it('tells nothing of a group that it has only a part of', async () => {
    const { page } = await openTable(RUN);
    await askByKeyboard(page);
    await dialog(page)
      .getByLabel(/^2 · step 1/)
      .press(' ');
    const { file } = await save(page, 'part');
    await page.close();
    const opened = await openFile(file);
    await opened.page.keyboard.press('g');
    const shown = reader(opened.page);
    await eventually(() => shown.getByRole('heading', { name: '3 rollouts of its group in this file' }).count()).toBe(
      1,
    );
    expect(await shown.getByText('advantage =').count()).toBe(0);
    await opened.context.close();
  });

  it('has nothing in it of what was left out or blacked out, and says how often', async () => {
    const { page } = await openTable(RUN);
    await askByKeyboard(page);
    await dialog(page)
      .getByLabel(/^private_note/)
      .press(' ');
    await dialog(page).getByLabel('Data source', { exact: true }).press(' ');
    await dialog(page).getByLabel('Words to black out').fill('zebra\nA & B "qwzx"\n/sk-[a-z0-9]+/\nnot in there');
    const { file, bytes } = await save(page, 'redacted');
    await eventually(() => dialog(page).getByRole('status').textContent()).toMatch(
      /Blacked out, by line of the list: 1: \d+ times, 2: 4 times, 3: 4 times, 4: not found\.$/,
    );
    await page.close();
    const text = bytes.toString('utf8').toLowerCase();
    for (const gone of ['zebra', 'sk-abc123', 'qwzx', 'nobody may read', 'not in there']) {
      // A file that had it would be a long message.
      expect(text.includes(gone), gone).toBe(false);
    }
    expect(text.includes('private_note')).toBe(true);
    const opened = await openFile(file);
    await opened.page.getByText('About this file').click();
    const about = (await opened.page.locator('main > details').textContent()) ?? '';
    expect(about).toContain('Left out, columns: private_note');
    expect(about).toContain('Left out, of the source: Data source');
    expect(about).toContain('Blacked out, a pattern (number 3 of the list): 4 times');
    await reader(opened.page).getByRole('button', { name: 'Group' }).click();
    await eventually(() => reader(opened.page).getByText('4 rollouts of its group in this file').count()).toBe(1);
    await opened.context.close();
  });

  it('keeps 100 rollouts of 12 KB within 5 MB', async () => {
    const { page } = await openTable('long');
    await askByKeyboard(page);
    await dialog(page)
      .getByLabel(/^All that filter, search and lens leave \(100 rollouts\)/)
      .check();
    const { bytes, file } = await save(page, 'long');
    await page.close();
    expect(bytes.length).toBeGreaterThan(100 * 12_000);
    expect(bytes.length).toBeLessThan(5_000_000);
    const opened = await openFile(file);
    await eventually(() => opened.page.getByText('100 rollouts', { exact: true }).count()).toBe(1);
    await opened.context.close();
  });

  it('refuses 100,000 before it loads any, with what to do', async () => {
    const { page } = await openTable('many');
    await askByKeyboard(page);
    await dialog(page)
      .getByRole('button', { name: /^Save / })
      .waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await dialog(page)
      .getByLabel(/^All that filter, search and lens leave \(100,000 rollouts\)/)
      .check();
    await eventually(() =>
      dialog(page).getByRole('status').or(dialog(page).getByRole('alert')).textContent(),
    ).toContain('100,000 rollouts are too many for one file, which holds 1,000 at most. Narrow the table');
    expect(asked.filter((path) => /rows/.test(path))).toEqual([]);
    expect(
      await dialog(page)
        .getByRole('button', { name: /^Save / })
        .count(),
    ).toBe(0);
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await eventually(() => dialog(page).count()).toBe(0);
    await page.close();
  });

  it('shows how far it is while it loads, and can be told to stop', async () => {
    const { page } = await openTable('long');
    let asked = 0;
    await page.route(/\/rows\//, async (route) => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue().catch(() => undefined);
    });
    await askByKeyboard(page);
    await dialog(page)
      .getByLabel(/^All that/)
      .check();
    await eventually(() =>
      dialog(page)
        .getByText(/^[1-9]\d* of 100$/)
        .count(),
    ).toBe(1);
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    const then = asked;
    await page.waitForTimeout(1_500);
    expect(asked - then).toBeLessThan(7);
    await page.close();
  });

  it('leaves every hostile text a text', async () => {
    const { page } = await openTable('hostile');
    await askByKeyboard(page);
    const all = dialog(page).getByLabel(/^All that/);
    if (await all.count()) {
      await all.check();
    }
    const { file, bytes } = await save(page, 'hostile');
    await page.close();
    const parts = bytes.toString('utf8').split(/<script|<\/script|<!--/i);
    // Its own three: the data's element, the code's, and what ends them.
    expect(parts).toHaveLength(5);
    expect(bytes.toString('utf8')).not.toMatch(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    const opened = await openFile(file);
    for (let i = 0; i < 40; i++) {
      await opened.page.keyboard.press('j');
    }
    await opened.page.keyboard.press('r');
    await opened.page.waitForTimeout(500);
    expect(await opened.page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await opened.page.locator('img, iframe, a[href], object, form, base, video').count()).toBe(0);
    expect(opened.asked()).toEqual([]);
    expect(opened.faults).toEqual([]);
    await opened.context.close();
  });

  it.each([
    { dark: true, width: 1400 },
    { dark: false, width: 1400 },
    { dark: true, width: 500 },
    { dark: false, width: 500 },
  ])('has nothing that axe would find: %j', async (look) => {
    const { page } = await openTable(RUN);
    await page.locator('[data-row="0"]').click();
    await reader(page).locator('dl').first().waitFor();
    await page.keyboard.press('g');
    await reader(page).getByRole('button', { name: 'Save as HTML…' }).click();
    const { file, bytes } = await save(page, `axe-${look.width}-${look.dark}`);
    await page.close();
    // axe is a script, too: it is let in by its hash alone, in a copy.
    const copy = file.replace(/\.html$/, '-axe.html');
    await writeFile(copy, bytes.toString('utf8').replace(/script-src [^;]+;/, "script-src 'unsafe-inline';"));
    const opened = await openFile(copy, look);
    await eventually(() => reader(opened.page).getByRole('heading', { name: 'Group of 4' }).count()).toBe(1);
    expect(await axeFindings(opened.page, 'body')).toEqual([]);
    await opened.page.keyboard.press('Escape');
    await opened.page.getByText('About this file').click();
    expect(await axeFindings(opened.page, 'body')).toEqual([]);
    await opened.context.close();
  });
});
