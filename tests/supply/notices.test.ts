import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packagesOfWorkspace } from '../../.config/shippedPackages';
import { runProcess } from '../processes/startProcess';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Packages that the source maps of an artefact name: what is in its code, told by the compiler and not by our build. */
function packagesInMaps(folder: string): string[] {
  const maps = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.map'),
  );
  expect(maps.length).toBeGreaterThan(0);
  const sources = maps.flatMap((file) => (JSON.parse(read(join(folder, file))) as { sources: string[] }).sources);
  const names = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.slice(1, 2) ?? []);
  return [...new Set(names)].sort();
}

/** The packages that notices name, each with the part that tells its licence. */
function noticed(file: string): Map<string, string> {
  const [, ...parts] = read(file).split(`${'='.repeat(80)}\n`);
  return new Map(parts.map((part) => [/^(\S+) /.exec(part)?.[1] ?? '', part]));
}

const PERMISSIVE = /\((MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0)\)/;
const LICENCE =
  /permission is hereby granted|permission to use, copy|redistribution and use|apache license|blue oak model license/i;

describe.each(['dist', 'store/dist'])('the notices of %s', (folder) => {
  const notices = () => noticed(join(folder, 'THIRD_PARTY_NOTICES.txt'));

  it('name every package whose code is in the bundles, with its licence to the letter', () => {
    const named = notices();
    expect(packagesInMaps(folder).filter((name) => !named.has(name))).toEqual([]);
    for (const [name, part] of named) {
      expect(part.split('\n')[0], name).toMatch(PERMISSIVE);
      expect(part.replace(/\s+/g, ' '), name).toMatch(LICENCE);
    }
  });
});

it('the plugin holds what it says it holds', () => {
  expect(packagesInMaps('dist')).toEqual(expect.arrayContaining(['diff', 're2js', 'temml', 'lowlight']));
  expect(readdirSync(join(root, 'dist'))).toEqual(expect.arrayContaining(['LICENSE', 'THIRD_PARTY_NOTICES.txt']));
});

it('the notices of the store name all that it needs to run, as npm finds it', async () => {
  const args = ['ls', '--omit', 'dev', '--workspace', 'rolloscope-store', '--all', '--parseable'];
  const { stdout } = await runProcess('npm', args, { cwd: root });
  const installed = stdout
    .split('\n')
    .filter((path) => path.includes('node_modules'))
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => !/^(@rolloscope\/|rolloscope-)/.test(name));
  expect(installed.length).toBeGreaterThan(50);
  const named = noticed('store/dist/THIRD_PARTY_NOTICES.txt');
  expect(installed.filter((name) => !named.has(name))).toEqual([]);
});

it('the package of the store has its licence and its notices in it', async () => {
  expect(read('store/LICENSE')).toBe(read('LICENSE'));
  const { stdout } = await runProcess('npm', ['pack', '--dry-run', '--json', '--workspace', 'rolloscope-store'], {
    cwd: root,
  });
  const answer = JSON.parse(stdout) as Record<string, { files: { path: string }[] }> | { files: { path: string }[] }[];
  const paths = Object.values(answer).flatMap(({ files }) => files.map(({ path }) => path));
  expect(paths).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD_PARTY_NOTICES.txt', 'dist/cli.js']),
  );
});

it('the bill of materials of the store has each of its packages, once, with version and licence', async () => {
  const { code, stderr } = await runProcess('npm', ['run', '-s', 'sbom'], { cwd: root });
  expect(code, stderr).toBe(0);
  const bom = JSON.parse(read('sbom/store.cdx.json')) as {
    bomFormat: string;
    metadata: { component: { name: string } };
    components: Array<{ 'bom-ref': string; licenses?: unknown[]; hashes?: unknown[] }>;
  };
  expect([bom.bomFormat, bom.metadata.component.name]).toEqual(['CycloneDX', 'rolloscope-store']);
  const refs = bom.components.map((one) => one['bom-ref'].replace(/\|.*/, ''));
  const wanted = packagesOfWorkspace(root, 'store').map(({ name, version }) => `${name}@${version}`);
  expect(wanted.filter((ref) => !refs.includes(ref))).toEqual([]);
  expect(bom.components.filter(({ licenses, hashes }) => !licenses?.length || !hashes?.length)).toEqual([]);
  const whole = JSON.parse(read('sbom/project.cdx.json')) as typeof bom;
  expect(whole.components.length).toBeGreaterThan(refs.length);
});

/** What the jobs of a workflow may do beside reading. */
const MAY_WRITE: Record<string, string[]> = {
  '.github/workflows/release.yaml': [
    'make: id-token',
    'make: attestations',
    'containers: packages',
    'publish: contents',
    'publish: packages',
    'publish: id-token',
  ],
};

it('images and actions are pinned by digest, and a workflow may only read, but for the jobs that publish', () => {
  const workflows = readdirSync(join(root, '.github/workflows')).map((file) => join('.github/workflows', file));
  const files = ['store/Dockerfile', 'docker-compose.yaml', ...workflows];
  const used = files.flatMap((file) =>
    [...read(file).matchAll(/^\s*(?:FROM|image:|-?\s*uses:)\s+(\S+)/gm)].map(
      ([, what]) => `${relative('.', file)}: ${what}`,
    ),
  );
  expect(used.length).toBeGreaterThanOrEqual(8);
  expect(used.filter((one) => !/@(sha256:[0-9a-f]{64}|[0-9a-f]{40})$/.test(one))).toEqual([]);
  for (const file of workflows) {
    expect(read(file)).toMatch(/^permissions:\n {2}contents: read\n/m);
    const { jobs } = parse(read(file)) as { jobs: Record<string, { permissions?: Record<string, string> }> };
    const writing = Object.entries(jobs).flatMap(([job, { permissions = {} }]) =>
      Object.entries(permissions).flatMap(([what, how]) => (how === 'read' ? [] : [`${job}: ${what}`])),
    );
    expect(writing, file).toEqual(MAY_WRITE[file] ?? []);
  }
});
