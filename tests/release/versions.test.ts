import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { refuseUnready } from '../../.config/release/refuseUnready';
import { PLACES, setVersion, versionsIn } from '../../.config/release/versions';
import { runProcess } from '../processes/startProcess';
import { root, versionOf } from './makeRelease';

/** A copy of the files that say the version, and of the changelog. */
async function copied(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-versions-'));
  try {
    for (const file of new Set([...PLACES.map((place) => place.file), 'dist/module.js', 'store/dist/cli.js'])) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(join(root, file), join(folder, file));
    }
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('every part, the chart, the image and what was built say one version', async () => {
  const version = await versionOf('package.json');
  const said = versionsIn(root);
  expect(said.length).toBeGreaterThanOrEqual(15);
  expect(said.filter((place) => place.version !== version)).toEqual([]);
  for (const plugin of ['', 'datasource/', 'panel/', 'metrics/']) {
    const built = JSON.parse(await readFile(join(root, `dist/${plugin}plugin.json`), 'utf8'));
    expect(built.info.version, plugin).toBe(version);
  }
});

it('one command sets them all, as npm would', () =>
  copied(async (folder) => {
    setVersion(folder, '7.8.9-rc.1');
    expect(new Set(versionsIn(folder).map(({ version }) => version))).toEqual(new Set(['7.8.9-rc.1']));
    const lines = async (place: string) => (await readFile(join(place, 'package-lock.json'), 'utf8')).split('\n');
    const before = await lines(root);
    const changed = (await lines(folder)).filter((line, i) => line !== before[i]);
    // The root twice, its four workspaces, and the store's wish for the contract.
    expect(changed.map((line) => line.replace(/.*"(.*)".*/, '$1'))).toEqual(Array(7).fill('7.8.9-rc.1'));
  }));

it.each(['1.2', '1.2.3;rm'])('refuses to set %j', async (version) => {
  const args = ['--import', 'tsx', '.config/release/setVersion.ts', version];
  const { code, stderr } = await runProcess(process.execPath, args, { cwd: root });
  expect([code, stderr]).toEqual([1, expect.stringContaining('A version is like 1.2.3')]);
});

it('refuses to release parts of different versions, under a tag of another, or what the changelog calls unreleased', () =>
  copied(async (folder) => {
    const changelog = (line: string) => writeFile(join(folder, 'CHANGELOG.md'), `# Changelog\n\n${line}\n`);
    setVersion(folder, '7.8.9');
    await changelog('## 7.8.9 (unreleased)');
    expect(() => refuseUnready(folder, '7.8.9')).not.toThrow();
    expect(() => refuseUnready(folder, '7.8.9', 'v7.8.9')).toThrow('unreleased');
    await changelog('## 7.8.9 (2026-12-01)');
    expect(() => refuseUnready(folder, '7.8.9', 'v7.8.9')).not.toThrow();
    expect(() => refuseUnready(folder, '7.8.9', 'v7.8.8')).toThrow('v7.8.8 is not of version 7.8.9');
    const chart = join(folder, 'charts/rolloscope-store/Chart.yaml');
    await writeFile(chart, (await readFile(chart, 'utf8')).replace('version: 7.8.9', 'version: 7.8.8'));
    expect(() => refuseUnready(folder, '7.8.9')).toThrow('npm run set-version -- 7.8.9');
    await rm(join(folder, 'dist/module.js'));
    expect(() => refuseUnready(folder, '7.8.9')).toThrow('npm run build');
  }));
