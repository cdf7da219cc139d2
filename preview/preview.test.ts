import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../tests/browser/chromium';
import type { ProvisionedDataSource } from './dataSources';
import { createPreview } from './server';

const root = fileURLToPath(new URL('..', import.meta.url));
const OURS = ['rolloscope-runs-datasource', 'rolloscope-rollouts-panel'];
const ref = { type: 'rolloscope-runs-datasource', uid: 'rolloscope' };

/** A text, our panel, and a stand-in repeated for two values. */
const DASHBOARD = {
  uid: 'smoke',
  title: 'Smoke',
  templating: {
    list: [
      { name: 'letter', type: 'custom', query: 'a,b', multi: true, current: { value: ['a', 'b'], text: ['a', 'b'] } },
    ],
  },
  panels: [
    {
      id: 1,
      type: 'text',
      title: 'Text',
      gridPos: { x: 0, y: 0, w: 12, h: 4 },
      options: { mode: 'markdown', content: '**bold**' },
    },
    {
      id: 2,
      type: 'rolloscope-rollouts-panel',
      title: '',
      datasource: ref,
      gridPos: { x: 12, y: 0, w: 12, h: 10 },
      targets: [{ refId: 'A', datasource: ref, queryType: 'runs', runs: { by: 'filter' } }],
    },
    {
      id: 3,
      type: 'text',
      title: 'Letter $letter',
      repeat: 'letter',
      maxPerRow: 2,
      gridPos: { x: 0, y: 10, w: 24, h: 4 },
      options: { mode: 'markdown', content: 'letter $letter' },
    },
  ],
};

let browser: Browser;
let store: Server;
let folder: string;
let dataSources: ProvisionedDataSource[];

beforeAll(async () => {
  for (const part of ['dist/datasource/module.js', 'preview/dist/public/index.html']) {
    if (!existsSync(join(root, part))) {
      throw new Error(`There is no ${part}: run npm run build first.`);
    }
  }
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-preview-'));
  await writeFile(join(folder, 'smoke.json'), JSON.stringify(DASHBOARD));
  // A store without runs answers every question about them.
  store = createServer((_, response) => response.end('{"runs":[],"projects":[],"asOf":"0"}'));
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  const { port } = store.address() as AddressInfo;
  dataSources = [{ name: 'Runs', type: ref.type, uid: ref.uid, url: `http://127.0.0.1:${port}`, isDefault: true }];
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  store?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the dashboard and looks at everything on it; resolves to the host's version of React. */
async function see(base: string, theme: string): Promise<string | undefined> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const faults: string[] = [];
  const modules: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('response', (answer) => {
    const [, id] = /plugins\/([^/]+)\/module\.js/.exec(answer.url()) ?? [];
    if (id && answer.ok()) {
      modules.push(id);
    }
  });
  try {
    await page.goto(`${base}/d/smoke?theme=${theme}`);
    await page.getByText('letter b', { exact: true }).waitFor();
    await page.locator('[data-panel="panel-2"][data-panel-state="Done"]').waitFor();
    expect(await page.getByText('Letter a', { exact: true }).count()).toBe(1);
    expect(await page.locator('[data-panel]').count()).toBe(4);
    expect(await page.locator('[data-panel-error]').count()).toBe(0);
    expect(await page.locator('strong', { hasText: 'bold' }).isVisible()).toBe(true);
    expect([...modules].sort()).toEqual([...OURS].sort());
    const isDark = await page.evaluate(() => {
      const shell = document.querySelector('header');
      const [red = 0] = (shell && getComputedStyle(shell).backgroundColor.match(/\d+/g)?.map(Number)) ?? [];
      return red < 128;
    });
    expect(isDark).toBe(theme === 'dark');
    expect(faults).toEqual([]);
    return await page.evaluate(() => document.documentElement.dataset.react);
  } finally {
    await page.close();
  }
}

const run = (command: string, ...args: string[]) => {
  const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  }
};

/** Installs the oldest Grafana's packages beside the workspaces, once for each state of their lock file. */
async function installOlder(): Promise<void> {
  const base = join(root, 'tests', 'react18');
  const [lock = '', installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.installed-lock'].map((file) =>
      readFile(join(base, file), 'utf8').catch(() => ''),
    ),
  );
  if (lock !== installed) {
    run('npm', 'ci', '--prefix', base, '--ignore-scripts', '--no-audit', '--no-fund');
    await writeFile(join(base, 'node_modules', '.installed-lock'), lock);
  }
}

async function buildOlderBase(): Promise<void> {
  await installOlder();
  run('npx', 'tsx', '.config/build.ts', 'preview', '--base', 'tests/react18');
}

/** Newer than 11.6, where nobody calls it: how a panel is suggested since 12.4. */
const LATER = 'src/panel/suggest.ts';

it('the plugin compiles on the types of Grafana 11.6, too', { timeout: 400_000 }, async () => {
  await installOlder();
  const { stdout } = spawnSync('npx', ['tsc', '--project', 'tests/react18', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  const faults = stdout.split('\n').filter((line) => line.includes('error TS'));
  expect(faults.filter((line) => !line.startsWith(LATER))).toEqual([]);
  // It is looked at the older types, or this one would compile.
  expect(faults.some((line) => line.startsWith(LATER))).toBe(true);
});

const BASES = [
  { name: 'Grafana 13.2 and React 19', react: '19.', page: 'preview/dist/public', prepare: async () => {} },
  { name: 'Grafana 11.6 and React 18', react: '18.', page: 'preview/dist/react18/public', prepare: buildOlderBase },
];

describe.each(BASES)('the same build on $name', ({ react, page, prepare }) => {
  let preview: FastifyInstance;
  let base: string;

  beforeAll(async () => {
    await prepare();
    preview = await createPreview({ page: join(root, page), dashboards: folder, dataSources });
    base = await preview.listen({ host: '127.0.0.1', port: 0 });
  }, 400_000);
  afterAll(() => preview?.close());

  it.each(['dark', 'light'])('shows a dashboard with both plugins and no error, %s', async (theme) => {
    expect(await see(base, theme)).toContain(react);
  });
});
