import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPreview } from '../../preview/server';
import { launchChromium } from '../browser/chromium';
import { openPage, startStore } from '../browser/harness';
import { freePort } from '../processes/freePort';
import { runProcess, runToSuccess, startProcess } from '../processes/startProcess';
import { makeRelease, type Release, root, versionOf } from './makeRelease';
import { allNodes } from './nodes';

// It installs and starts several programs, one after another.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let release: Release;
let folder: string;
let version: string;
beforeAll(async () => {
  version = await versionOf('package.json');
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-artefacts-'));
  release = await makeRelease();
});
afterAll(async () => {
  await release?.remove();
  await rm(folder, { recursive: true, force: true });
});

it('a release has every artefact, with checksums that hold, and says what is in each', async () => {
  const artefacts = [
    `rolloscope-project-${version}.cdx.json`,
    `rolloscope-runs-app-${version}.zip`,
    `rolloscope-store-${version}.cdx.json`,
    `rolloscope-store-${version}.tgz`,
    `rolloscope-store-chart-${version}.tgz`,
  ];
  expect(release.files).toEqual(
    expect.arrayContaining([...artefacts, 'SHA256SUMS', `rolloscope-runs-app-${version}.zip.sha1`]),
  );
  const sums = await readFile(join(release.folder, 'SHA256SUMS'), 'utf8');
  const named = sums.trim().split('\n');
  expect(named.map((line) => line.slice(66)).sort()).toEqual(artefacts);
  for (const line of named) {
    const bytes = await readFile(join(release.folder, line.slice(66)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(line.slice(0, 64));
    expect(release.said).toContain(line.slice(0, 64));
  }
  for (const inside of [
    'package/node_modules/fastify/',
    'rolloscope-runs-app/plugin.json',
    'rolloscope-store/Chart.yaml',
  ]) {
    expect(release.said).toContain(inside);
  }
  // The image is built where docker is; where it is not, that is said.
  expect(release.said).toMatch(/Image of the run store[\s\S]*?(left out here: \S+|of store\/Dockerfile)/);
});

describe('the package of the store', () => {
  const PAIRS = [
    ['plain.jsonl', '{"step": 1, "loss": 0.5}\n{"step": 2, "loss": 0.25}\n', { summary: { loss: 0.25 }, lastStep: 2 }],
  ] as const;

  it('is installed from its file, serves, takes a run over HTTP and one from a file, on Node 20, 22 and 24', async () => {
    const prefix = join(folder, 'prefix');
    const args = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline'];
    const { code, stderr } = await runProcess('npm', [
      ...args,
      join(release.folder, `rolloscope-store-${version}.tgz`),
    ]);
    expect([code, stderr.replace(/^npm notice.*\n/gm, '')]).toEqual([0, '']);
    await expectTestedVersions(join(prefix, 'lib/node_modules/rolloscope-store'));
    const command = join(prefix, 'bin/rolloscope-store');
    for (const node of await allNodes()) {
      await workWith(node, command, await mkdtemp(join(folder, 'home-')));
    }
  });

  /** What npm laid beside it is what the lock file has, to the version; what DuckDB chooses by the machine is DuckDB's. */
  async function expectTestedVersions(place: string): Promise<void> {
    const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    const laid = (await readdir(place, { recursive: true })).filter((path) =>
      /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(path),
    );
    const wrong: string[] = [];
    for (const path of laid) {
      const { version: found } = JSON.parse(await readFile(join(place, path), 'utf8')) as { version: string };
      const wanted = ['', 'store/'].map((part) => packages[`${part}${dirname(path)}`]?.version);
      if (!wanted.includes(found) && dirname(path) !== 'node_modules/detect-libc') {
        wrong.push(`${path} ${found}, not ${wanted.join(' or ')}`);
      }
    }
    expect(laid.length).toBeGreaterThan(60);
    expect(wrong).toEqual([]);
  }

  /** In a home that is empty, with that Node alone to be found. */
  async function workWith(node: string, command: string, home: string): Promise<void> {
    const env = { PATH: dirname(node), HOME: home };
    expect((await runToSuccess(node, [command, '--version'], { env })).trim()).toBe(version);
    const port = await freePort();
    const serve = [command, 'serve', '--port', String(port), '--data', join(home, 'data')];
    const store = startProcess(node, serve, { env, cwd: home });
    const url = `http://127.0.0.1:${port}`;
    const api = async (path: string, method = 'GET', body?: unknown) => {
      const init = body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {};
      return (await fetch(`${url}/api/v1${path}`, { method, ...init })).json();
    };
    try {
      await expect.poll(() => api('/health').catch(() => store.output())).toMatchObject({ status: 'ok', version });
      await api('/runs/by-http', 'PUT', { project: 'p' });
      const table = { columns: ['prompt', 'reward'], rows: [['2 + 2?', 1]] };
      await api('/runs/by-http/log', 'POST', {
        entries: [{ step: 3, metrics: { 'reward/mean': 0.5 }, tables: { rollouts: table } }],
      });
      expect(await api('/runs/by-http')).toMatchObject({ lastStep: 3, summary: { 'reward/mean': 0.5 } });
      expect(await api('/query/rows', 'POST', { runs: ['by-http'], table: 'rollouts', limit: 1 })).toMatchObject({
        total: 1,
      });
      for (const [file, text, found] of PAIRS) {
        await writeFile(join(home, file), text);
        const args = [command, 'import', file, '--run', 'by-file', '--project', 'p'];
        await runToSuccess(node, args, { cwd: home, env: { ...env, STORE_URL: url } });
        expect(await api('/runs/by-file')).toMatchObject(found);
      }
    } finally {
      expect(await store.stop(), store.output()).toBe(0);
    }
  }
});

describe('the archive of the plugin', () => {
  it('is one folder by the name of the plugin, from which Chromium loads each of its parts', async () => {
    const archive = unzipSync(await readFile(join(release.folder, `rolloscope-runs-app-${version}.zip`)));
    expect([...new Set(Object.keys(archive).map((path) => path.split('/')[0]))]).toEqual(['rolloscope-runs-app']);
    const place = join(folder, 'plugins');
    for (const [path, bytes] of Object.entries(archive)) {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), bytes);
    }
    const dist = join(place, 'rolloscope-runs-app');
    const manifest = JSON.parse(await readFile(join(dist, 'plugin.json'), 'utf8'));
    expect(manifest).toMatchObject({ id: 'rolloscope-runs-app', info: { version } });
    await showDashboard(dist);
  });

  /** The seed picture of a run, by the data source, the panel and the app that lie in a folder. */
  async function showDashboard(dist: string): Promise<void> {
    const store = await startStore();
    const source = { name: 'Runs', type: 'rolloscope-runs-datasource', uid: 'rolloscope', url: store.url };
    const preview = await createPreview({ dist, dashboards: join(dist, 'dashboards'), dataSources: [source] });
    const browser = await launchChromium();
    try {
      const call = (path: string, method: string, body: unknown) =>
        fetch(`${store.url}/api/v1/runs/shown${path}`, {
          method,
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        });
      await call('', 'PUT', { project: 'p' });
      const table = { columns: ['prompt', 'response', 'reward'], rows: [['2 + 2?', 'the answer is 4', 1]] };
      await call('/log', 'POST', { entries: [{ step: 1, metrics: { loss: 1 }, tables: { rollouts: table } }] });
      const url = await preview.listen({ host: '127.0.0.1', port: 0 });
      const { page, faults } = await openPage(browser);
      await page.goto(`${url}/d/rolloscope-run-overview?var-run=shown`);
      await page.getByText('the answer is 4').first().waitFor();
      await page.goto(`${url}/a/rolloscope-runs-app`);
      await page.getByRole('heading', { name: 'Run stores' }).waitFor();
      await page.goto(`${url}/d/rolloscope-all-metrics?var-run=shown`);
      await page.getByText('loss', { exact: true }).first().waitFor();
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await preview.close();
      await store.stop();
    }
  }
});

it('the archive of the chart is the chart', async () => {
  const place = join(folder, 'chart');
  await mkdir(place);
  await runToSuccess('tar', ['-xzf', join(release.folder, `rolloscope-store-chart-${version}.tgz`), '-C', place]);
  await cp(join(root, 'charts'), join(folder, 'charts'), { recursive: true });
  const { code, stdout } = await runProcess('diff', ['-r', place, join(folder, 'charts')]);
  expect([code, stdout]).toEqual([0, '']);
});
