import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ShippedDashboard } from '../src/app/shippedDashboards';
import { buildBundlePage } from './buildBundlePage';
import { compile } from './compile';
import { NOTICES, noticesText } from './notices';
import { packagesOfModules, shipped } from './shippedPackages';
import { pluginConfig, SHARED_MODULES } from './webpack/webpack.config';

/** Gzipped bytes that a bundle may have. */
const BUDGETS: Record<string, number> = { '': 20 * 1024, datasource: 120 * 1024, panel: 90 * 1024, metrics: 30 * 1024 };

/** Builds the app and its nested plugins to `dist/`, as Grafana loads them, and checks what came out. */
export async function buildPlugin(root: string): Promise<void> {
  // A build that fails leaves the last good one in place.
  const dist = join(root, 'node_modules', '.cache', 'plugin');
  await rm(dist, { recursive: true, force: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const dashboards = await readDashboards(root);
  const filled = { '%VERSION%': version, '%TODAY%': new Date().toISOString().slice(0, 10) };
  const page = await buildBundlePage(root);
  for (const folder of Object.keys(BUDGETS)) {
    const source = join(root, 'src', folder, 'plugin.json');
    let text = await readFile(source, 'utf8');
    for (const [placeholder, value] of Object.entries(filled)) {
      text = text.replaceAll(placeholder, value);
    }
    const { id } = JSON.parse(text) as { id: string };
    const values = {
      '': { SHIPPED_DASHBOARDS: dashboards },
      panel: { BUNDLE_PAGE: { script: page.script, hash: page.hash, version } },
    };
    await compile(pluginConfig(root, folder, id, join(dist, folder), values[folder as keyof typeof values]));
    await writeFile(join(dist, folder, 'plugin.json'), text);
    await cp(join(root, 'src', folder, 'img'), join(dist, folder, 'img'), { recursive: true });
  }
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
    await cp(join(root, file), join(dist, file));
  }
  // The compiler adds some lines of its own.
  const packages = [
    ...packagesOfModules(root, [...(await sourcesOf(dist)), ...page.sources]),
    shipped(root, join(root, 'node_modules/@rspack/core')),
  ];
  await writeFile(join(dist, NOTICES), noticesText('Rolloscope', packages));
  await copyDashboards(root, dist, dashboards);
  await copyScreenshots(root, dist);
  for (const [folder, budget] of Object.entries(BUDGETS)) {
    await checkBundle(join(dist, folder, 'module.js'), join(folder, 'module.js'), budget);
  }
  await replace(join(root, 'dist'), dist);
}

/** Every file whose code is in the bundles, as their source maps tell. */
async function sourcesOf(dist: string): Promise<string[]> {
  const maps = (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.map'));
  const texts = await Promise.all(maps.map((file) => readFile(join(dist, file), 'utf8')));
  return texts.flatMap((text) => (JSON.parse(text) as { sources: string[] }).sources);
}

/** Moves what lies in `fresh` to the place of all that is in `dist`, which stays the same folder for those who watch it. */
async function replace(dist: string, fresh: string): Promise<void> {
  await mkdir(dist, { recursive: true });
  await Promise.all((await readdir(dist)).map((name) => rm(join(dist, name), { recursive: true })));
  await Promise.all((await readdir(fresh)).map((name) => rename(join(fresh, name), join(dist, name))));
}

/** The provisioned dashboards, as the app's page lists them. */
async function readDashboards(root: string): Promise<ShippedDashboard[]> {
  const folder = join(root, 'provisioning', 'dashboards');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.map((text, i) => {
    const { uid, title, description } = JSON.parse(text) as ShippedDashboard;
    return { uid, title, description, path: `dashboards/${files[i]}` };
  });
}

/** They travel in the plugin, too, and its plugin.json lists them. */
async function copyDashboards(root: string, dist: string, dashboards: ShippedDashboard[]): Promise<void> {
  const manifest = JSON.parse(await readFile(join(dist, 'plugin.json'), 'utf8')) as { includes: Include[] };
  for (const { title, path } of dashboards) {
    await cp(join(root, 'provisioning', path), join(dist, path));
    manifest.includes.push({ type: 'dashboard', name: title, path });
  }
  await writeFile(join(dist, 'plugin.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Those that plugin.json names are pictures of the guides. */
async function copyScreenshots(root: string, dist: string): Promise<void> {
  const { info } = JSON.parse(await readFile(join(dist, 'plugin.json'), 'utf8')) as {
    info: { screenshots: { path: string }[] };
  };
  await Promise.all(info.screenshots.map(({ path }) => cp(join(root, 'docs', path), join(dist, path))));
}

interface Include {
  type: string;
  name: string;
  path: string;
}

/** The modules that an AMD bundle wants from Grafana. */
function amdDependencies(code: string): string[] {
  const define = /define\(\s*(\[[^\]]*\]\s*,)?\s*function/.exec(code);
  if (!define) {
    throw new Error('There is no AMD define() in the bundle.');
  }
  return JSON.parse((define[1] ?? '[]').replaceAll("'", '"').replace(/,\s*$/, '')) as string[];
}

async function checkBundle(path: string, name: string, budget: number): Promise<void> {
  const code = await readFile(path);
  const allowed: ReadonlySet<string> = new Set([...SHARED_MODULES, 'module']);
  const foreign = amdDependencies(code.toString()).filter((dependency) => !allowed.has(dependency));
  if (foreign.length > 0) {
    throw new Error(`${name} wants ${foreign.join(', ')}, which not every Grafana from 11.6 on shares.`);
  }
  const size = gzipSync(code).length;
  console.log(`  ${name}: ${(size / 1024).toFixed(1)} KB gzipped (budget ${budget / 1024} KB)`);
  if (size > budget) {
    throw new Error(`${name} has ${size} bytes gzipped; the budget is ${budget}.`);
  }
}
