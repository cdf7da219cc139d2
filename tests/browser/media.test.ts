import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataUrl, gif, JPEG, png, WEBP, wav } from '../../store/testing/mediaSamples';
import { axeFindings } from './axe';
import { eventually, panel } from './dashboard';
import { openPage, type Stack } from './harness';
import { logManyRows, manyRow } from './panelData';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const MANY = 4_000;
const NOT_THERE = { media: 'a'.repeat(64), type: 'image/png', bytes: 10, width: 40, height: 40 };

let stack: Stack;
beforeAll(async () => {
  const all = { rows: 'all' as const, options: { columns: ['step', 'reward', 'image', 'response'] } };
  const dashboards = [
    { uid: 'media', run: 'media', options: {} },
    { uid: 'narrow', run: 'media', options: {}, width: 9 },
    { uid: 'remote', run: 'media', options: { remoteMedia: true } },
    { uid: 'many', run: 'many', ...all, options: { ...all.options, pageSize: 1_000 } },
    { uid: 'plain', run: 'plain', rows: 'all' as const, options: { pageSize: 1_000 } },
  ];
  stack = await startPanelStack(dashboards, logAll);
});
afterAll(() => stack?.stop());

async function logAll(storeUrl: string): Promise<void> {
  await call(storeUrl, 'PUT', '/runs/media', { project: 'panel' });
  const seen = { type: 'image_url', image_url: { url: dataUrl('image/png', png(320, 200, 3)) } };
  const messages = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What do you see?' },
        seen,
        { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
        { type: 'input_audio', input_audio: { data: wav(1).toString('base64'), format: 'wav' } },
      ],
    },
    { role: 'assistant', content: 'A square of one colour.' },
  ];
  const cells = [
    dataUrl('image/png', png(64, 64, 1)),
    [dataUrl('image/jpeg', JPEG), dataUrl('image/webp', WEBP), dataUrl('image/png', png(600, 60, 5))],
    dataUrl('audio/wav', wav(2)),
    dataUrl('image/gif', gif(4)),
    dataUrl('image/png', png(1, 1, 0, { told: [60_000, 60_000] })),
    NOT_THERE,
    dataUrl('image/png', png(3_000, 2_000, 7)),
    null,
  ];
  const rows = cells.map((cell, i) => [i / 10, cell, messages, `Answer ${i}`]);
  const columns = ['reward', 'image', 'messages', 'note'];
  const entries = [{ step: 1, tables: { rollout_examples: { columns, rows } } }];
  await call(storeUrl, 'POST', '/runs/media/log', { entries });

  await call(storeUrl, 'PUT', '/runs/many', { project: 'panel' });
  for (let from = 0; from < MANY; from += 1_000) {
    const part = Array.from({ length: 1_000 }, (_, i) => {
      const [step, reward, prompt, response] = manyRow(from + i);
      return [step, reward, prompt, response, dataUrl('image/png', png(16, 16, from + i))];
    });
    const tables = { rollout_examples: { columns: ['step', 'reward', 'prompt', 'response', 'image'], rows: part } };
    await call(storeUrl, 'POST', '/runs/many/log', { entries: [{ step: from, tables }] });
  }
  await logManyRows(storeUrl, 'plain', MANY);
}

interface Opened {
  page: Page;
  faults: string[];
  /** Images and sounds that the page asked for. */
  asked: string[];
}

async function open(uid: string, query = '', width = 1400, height = 900): Promise<Opened> {
  const { page, faults } = await openPage(stack.browser, width, height);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/media/')) {
      asked.push(request.url());
    }
  });
  await page.goto(`${stack.previewUrl}/d/${uid}${query}`);
  await eventually(() => rows(page).count()).toBeGreaterThan(5);
  return { page, faults, asked };
}

const rows = (page: Page) => panel(page, 1).locator('tr[data-row]');
const cell = (page: Page, row: number) =>
  rows(page)
    .nth(row)
    .locator('td')
    .filter({ has: page.locator('> span') });
/** Images that are drawn, of those that stand there. */
const drawn = (page: Page) =>
  rows(page)
    .locator('img')
    .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);

describe('in the table', () => {
  it('shows images small, and a word for what is not drawn; nothing moves as they come', async () => {
    const { page, faults, asked } = await open('media');
    const heights = () => rows(page).evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    const before = await heights();
    await eventually(() => drawn(page)).toBe(2);
    await eventually(() => cell(page, 5).textContent()).toBe('not shown');
    expect(await heights()).toEqual(before);
    expect(new Set(before).size).toBe(1);
    // As many as have room, and how many more there are.
    expect(await cell(page, 1).locator('img').count()).toBe(1);
    expect(await cell(page, 1).textContent()).toBe('+2');
    expect(await cell(page, 2).textContent()).toBe('0:02');
    expect(await cell(page, 3).textContent()).toBe('moving, 4 pictures');
    expect(await cell(page, 4).textContent()).toBe('not kept');
    expect(await cell(page, 4).locator('[title]').first().getAttribute('title')).toMatch(/60000 × 60000/);
    expect(await cell(page, 6).textContent()).toBe('3,000 × 2,000');
    expect(await cell(page, 0).locator('img').getAttribute('alt')).toMatch(/^Image: PNG, 64 × 64, /);
    // One for each that is drawn, and the one that is not there.
    expect(new Set(asked).size).toBe(3);
    expect(asked.every((url) => url.includes('/api/datasources/proxy/uid/store/api/v1/media/'))).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('asks only for what stays in view of 4,000 rows, and draws no others', async () => {
    const { page, faults, asked } = await open('many');
    const inView = await rows(page).count();
    await eventually(() => drawn(page)).toBe(inView);
    expect(new Set(asked).size).toBeLessThanOrEqual(inView);
    // From the top to the bottom of a page of 1,000 rows.
    const scroller = panel(page, 1).locator('[role=grid]').locator('..');
    const begin = asked.length;
    await scroller.evaluate(async (element) => {
      for (let top = 0; top < element.scrollHeight; top += 600) {
        element.scrollTop = top;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    await eventually(() => drawn(page)).toBe(await rows(page).count());
    const asks = asked.length - begin;
    // Those of the rows where it came to rest, and few of the hundreds that flew by, however slow the machine is.
    expect(asks).toBeLessThan(400);
    expect(await page.locator('img[src*="/media/"]').count()).toBeLessThanOrEqual(await rows(page).count());
    // They are the store's addresses: nothing is held that would have to be let go of.
    expect(await page.locator('img[src^="blob:"], img[src^="data:image/png"]').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('costs tables without images nothing: no element more, no request', async () => {
    const { page, asked } = await open('plain');
    expect(asked).toEqual([]);
    expect(
      await rows(page)
        .first()
        .locator('td')
        .first()
        .evaluate((td) => td.querySelectorAll('*').length),
    ).toBe(1);
    await page.close();
  });
});

describe('in the reader', () => {
  it('shows an image whole, and zooms by click and keys; Escape fits it before it closes', async () => {
    const { page, faults } = await open('media');
    await rows(page).nth(0).click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    const image = reader.getByRole('region', { name: 'image' }).locator('img');
    await eventually(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(64);
    const width = () => image.evaluate((one) => one.getBoundingClientRect().width);
    expect(await width()).toBe(64);
    await image.click();
    expect(await width()).toBe(96);
    await page.keyboard.press('+');
    expect(await width()).toBe(128);
    await page.keyboard.press('-');
    expect(await width()).toBe(96);
    await page.keyboard.press('Escape');
    expect(await width()).toBe(64);
    await eventually(() => reader.count()).toBe(1);
    await page.keyboard.press('Escape');
    await eventually(() => reader.count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('shows media of messages where they stand, plays sounds, and asks nothing of the web', async () => {
    const { page, faults, asked } = await open('media');
    await rows(page).nth(2).click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    const shown = reader.locator('article img');
    await eventually(() => shown.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(320);
    expect(await reader.locator('article').first().textContent()).toContain('https://example.com/cat.png');
    expect(await reader.getByRole('button', { name: /Load from/ }).count()).toBe(0);
    const sound = reader.getByRole('region', { name: 'image' }).locator('audio');
    const before = asked.length;
    await sound.evaluate((one) => (one as HTMLAudioElement).play().catch(() => undefined));
    await eventually(() => sound.evaluate((one) => (one as HTMLAudioElement).duration)).toBeCloseTo(2, 1);
    expect(asked.length).toBeGreaterThan(before);
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('says a word for what is broken or was not kept', async () => {
    const { page } = await open('media');
    const reader = page.getByRole('dialog', { name: /^Row / });
    await rows(page).nth(5).click();
    await eventually(() => reader.getByRole('region', { name: 'image' }).textContent()).toMatch(
      /not in the store any more/,
    );
    expect(await reader.getByRole('region', { name: 'image' }).locator('img').count()).toBe(0);
    await rows(page).nth(4).click();
    await eventually(() => reader.getByRole('region', { name: 'image' }).textContent()).toMatch(
      /The store did not keep it: it has 60000 × 60000 pixels/,
    );
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });

  it('loads from the web only where the panel allows it, and a person presses', async () => {
    const { page } = await open('remote');
    await page.route('https://example.com/**', (route) =>
      route.fulfill({ contentType: 'image/png', headers: { 'access-control-allow-origin': '*' }, body: png(20, 10) }),
    );
    const asked: string[] = [];
    page.on('request', (request) => request.url().startsWith('https://example.com/') && asked.push(request.url()));
    await rows(page).nth(0).click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    const button = reader.getByRole('button', { name: 'Load from example.com' });
    await eventually(() => button.count()).toBe(1);
    expect(asked).toEqual([]);
    await button.click();
    await eventually(() =>
      reader.locator('img[src^="https:"]').evaluate((one) => (one as HTMLImageElement).naturalWidth),
    ).toBe(20);
    expect(asked).toEqual(['https://example.com/cat.png']);
    await page.close();
  });
});

describe('wherever it is seen', () => {
  it.each([
    ['dark', 1400],
    ['light', 1400],
    ['dark', 500],
  ] as const)('has nothing for axe to find: %s, %d pixels', async (theme, width) => {
    const { page } = await open(width < 600 ? 'narrow' : 'media', `?theme=${theme}`, width);
    await eventually(() => drawn(page)).toBeGreaterThan(0);
    await rows(page).nth(1).click();
    await eventually(() => page.getByRole('dialog').locator('img').count()).toBe(4);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });
});
