import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../browser/chromium';
import { openPage } from '../browser/harness';
import { runToSuccess } from '../processes/startProcess';
import { PAGES, root } from './pages';

// The generator is installed first.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const dist = join(root, 'docs/.vitepress/dist');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
};

describe('the site of the documentation', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    await runToSuccess('npm', ['run', '-s', 'docs'], { cwd: root });
    server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://site').pathname;
      const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
      const bytes = await readFile(file).catch(() => undefined);
      response.writeHead(bytes ? 200 : 404, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server?.close());

  it('has every page of docs/', () => {
    const pages = PAGES.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    const expected = pages.map((path) => path.slice(5).replace('README.md', 'index.md').replace(/\.md$/, '.html'));
    const built = readdirSync(dist, { recursive: true, encoding: 'utf8' });
    expect(expected.length).toBeGreaterThan(50);
    expect(expected.filter((page) => !built.includes(page))).toEqual([]);
  });

  it('opens, is searched and followed without any other machine, and misses nothing of its own', async () => {
    const browser = await launchChromium();
    try {
      const { page, faults } = await openPage(browser);
      const missing: string[] = [];
      page.on('response', (response) => response.status() >= 400 && missing.push(response.url()));
      await page.goto(`${url}/`);
      await page.getByRole('link', { name: 'Bring your run', exact: true }).first().click();
      await page.getByRole('link', { name: 'verl', exact: true }).first().click();
      await page.getByRole('heading', { name: 'What you see' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('searchbox').fill('reward hack standard error');
      await page.locator('#localsearch-list li').first().waitFor();
      await page.getByRole('searchbox').fill('regression');
      const found = page.locator('#localsearch-list a[href*="alerting"]').first();
      await found.click();
      await page.getByRole('heading', { level: 1, name: /Alert/ }).waitFor();
      await page.goto(`${url}/data-source.html`);
      await page.locator('img[src*="query-metrics"]').scrollIntoViewIfNeeded();
      expect(missing).toEqual([]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
