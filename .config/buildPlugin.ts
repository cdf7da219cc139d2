import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compile } from './compile';
import { NOTICES, noticesText } from './notices';
import { packagesOfModules, shipped } from './shippedPackages';
import { pluginConfig, SHARED_MODULES } from './webpack/webpack.config';

/** Gzipped bytes that a bundle may have. */
const BUDGETS: Record<string, number> = { '': 10 * 1024, datasource: 120 * 1024, panel: 90 * 1024, metrics: 30 * 1024 };

/** Builds the app and its nested plugins to `dist/`, as Grafana loads them, and checks what came out. */
export async function buildPlugin(root: string): Promise<void> {
  // A build that fails leaves the last good one in place.
  const dist = join(root, 'node_modules', '.cache', 'plugin');
  await rm(dist, { recursive: true, force: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const filled = { '%VERSION%': version, '%TODAY%': new Date().toISOString().slice(0, 10) };
  for (const folder of Object.keys(BUDGETS)) {
    const source = join(root, 'src', folder, 'plugin.json');
    let text = await readFile(source, 'utf8');
    for (const [placeholder, value] of Object.entries(filled)) {
      text = text.replaceAll(placeholder, value);
    }
    const { id } = JSON.parse(text) as { id: string };
    await compile(pluginConfig(root, folder, id, join(dist, folder)));
    await writeFile(join(dist, folder, 'plugin.json'), text);
    await cp(join(root, 'src', folder, 'img'), join(dist, folder, 'img'), { recursive: true });
  }
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
    await cp(join(root, file), join(dist, file));
  }
  // The compiler adds some lines of its own.
  const packages = [
    ...packagesOfModules(root, await sourcesOf(dist)),
    shipped(root, join(root, 'node_modules/@rspack/core')),
  ];
  await writeFile(join(dist, NOTICES), noticesText('Rolloscope', packages));
  await copyDashboards(root, dist);
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

/** The provisioned dashboards travel in the plugin, too, and its plugin.json lists them. */
async function copyDashboards(root: string, dist: string): Promise<void> {
  const source = join(root, 'provisioning', 'dashboards');
  const manifest = JSON.parse(await readFile(join(dist, 'plugin.json'), 'utf8')) as { includes: Include[] };
  await mkdir(join(dist, 'dashboards'), { recursive: true });
  for (const file of (await readdir(source)).filter((name) => name.endsWith('.json')).sort()) {
    await cp(join(source, file), join(dist, 'dashboards', file));
    const { title } = JSON.parse(await readFile(join(source, file), 'utf8')) as { title: string };
    manifest.includes.push({ type: 'dashboard', name: title, path: `dashboards/${file}` });
  }
  await writeFile(join(dist, 'plugin.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

interface Include {
  type: string;
  name: string;
  path: string;
}

/** The modules that an AMD bundle wants from Grafana. */
export function amdDependencies(code: string): string[] {
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
