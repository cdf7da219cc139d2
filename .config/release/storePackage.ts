import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artefact } from './Artefact';
import { bundledOf } from './bundled';

interface Packed {
  filename: string;
  files: { path: string; size: number }[];
}

/** The store as `npm i -g` takes it from a file or a registry. */
export function storePackage(root: string, version: string, scratch: string): Artefact {
  const folder = join(scratch, 'store');
  mkdirSync(folder);
  for (const part of ['bin', 'dist', 'README.md', 'LICENSE']) {
    cpSync(join(root, 'store', part), join(folder, part), { recursive: true });
  }
  // What it is built with is in it, and in no registry.
  const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(join(root, 'store/package.json'), 'utf8'));
  const { names, folders } = bundledOf(root, manifest.dependencies);
  for (const { from, to } of folders) {
    cpSync(join(root, from), join(folder, to), {
      recursive: true,
      // Packages of its own are among `folders` where they are needed.
      filter: (path) => !path.slice(join(root, from).length).includes('node_modules'),
    });
  }
  const whole = { ...manifest, ...repository(), bundleDependencies: names };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`);
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', scratch], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(`npm pack failed: ${stderr}`);
  }
  // A list, until npm 11; an object by the package's name since.
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, Packed> | Packed[]);
  if (packed === undefined) {
    throw new Error(`npm pack says nothing of what it packed: ${stdout}`);
  }
  const absent = folders.filter(({ to }) => !packed.files.some(({ path }) => path === `${to}/package.json`));
  if (absent.length > 0) {
    throw new Error(`npm packed no ${absent.map(({ to }) => to).join(', ')}.`);
  }
  return {
    title: `Run store, for npm i -g, with ${folders.length} packages in it; npm fetches DuckDB alone`,
    file: `rolloscope-store-${version}.tgz`,
    bytes: readFileSync(join(scratch, packed.filename)),
    contents: packed.files.map(({ path, size }) => ({ path: `package/${path}`, bytes: size })),
  };
}

/** npm's provenance wants the package to name the repository that made it, which only the workflow of a release knows. */
function repository(): { repository?: { type: string; url: string } } {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git` } } : {};
}
