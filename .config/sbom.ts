import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagesOfWorkspace } from './shippedPackages';

/**
 * `npm run sbom [-- FOLDER]`: bills of materials in CycloneDX, by npm itself, to `sbom/` or another folder: `project.cdx.json` of all that the project is
 * built and tested with, and `store.cdx.json` of what the store needs to run. (`npm sbom --omit dev` leaves out what
 * something of development needs, too, so the second is chosen from the first.)
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Bom {
  metadata: { component: { name: string; version: string; 'bom-ref': string } };
  components: Array<{ name: string; version: string; 'bom-ref': string; group?: string }>;
  dependencies: Array<{ ref: string; dependsOn: string[] }>;
}

function wholeBom(): Bom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(`npm sbom failed: ${stderr}`);
  }
  const bom = JSON.parse(stdout) as Bom;
  // npm names it by the folder that it is in.
  bom.metadata.component.name = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string }).name;
  return bom;
}

/** The store, with what `packagesOfWorkspace` finds, for every platform. */
function storeBom(whole: Bom): Bom {
  const { name, version } = JSON.parse(readFileSync(join(root, 'store/package.json'), 'utf8')) as Record<
    'name' | 'version',
    string
  >;
  const shipped = packagesOfWorkspace(root, 'store').flatMap((one) => [
    `${one.name}@${one.version}`,
    ...one.elsewhere.map((other) => other.replace(' ', '@')),
  ]);
  const own = `${name}@${version}`;
  const refs = new Set([...shipped, own]);
  const missing = shipped.filter((ref) => !whole.components.some((one) => one['bom-ref'].replace(/\|.*/, '') === ref));
  if (missing.length > 0) {
    throw new Error(`npm sbom knows nothing of ${missing.join(', ')}.`);
  }
  const has = (ref: string) => refs.has(ref.replace(/\|.*/, ''));
  return {
    ...whole,
    metadata: { ...whole.metadata, component: { ...whole.metadata.component, name, version, 'bom-ref': own } },
    components: whole.components.filter((one) => one['bom-ref'] !== own && has(one['bom-ref'])),
    dependencies: whole.dependencies
      .filter(({ ref }) => has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(has) })),
  };
}

const whole = wholeBom();
const folder = resolve(root, process.argv[2] ?? 'sbom');
mkdirSync(folder, { recursive: true });
for (const [name, bom] of Object.entries({ project: whole, store: storeBom(whole) })) {
  writeFileSync(join(folder, `${name}.cdx.json`), `${JSON.stringify(bom, null, 2)}\n`);
}
