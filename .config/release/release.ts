import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Artefact, type Content, checksums, hashOf } from './Artefact';
import { bills } from './bills';
import { chartPackage } from './chartPackage';
import { buildImage, PLATFORMS, whyNoImage } from './image';
import { pluginZip } from './pluginZip';
import { refuseUnready } from './refuseUnready';
import { storePackage } from './storePackage';
import { versionOf } from './versions';

/**
 * `npm run release [-- --dry-run] [--tag v1.2.3] [--to FOLDER]`: makes every artefact of a release, shows what is in each, and
 * writes them to `release/`, or to another folder; a dry run keeps none. With `--tag` it refuses what the tag does not name.
 * The plugin is signed where `GRAFANA_ACCESS_POLICY_TOKEN` is set. Wants a build: `npm run build`.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean' }, tag: { type: 'string' }, to: { type: 'string', default: 'release' } },
});
const dry = values['dry-run'] === true;

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

function show({ title, file, bytes, contents }: Artefact): void {
  console.log(`\n${file}  ${kilobytes(bytes.length)}\n  ${title}\n  sha256 ${hashOf('sha256', bytes)}`);
  for (const { path, bytes: size } of gathered(contents)) {
    console.log(`    ${kilobytes(size).padStart(11)}  ${path}`);
  }
}

/** Lists contents file by file, but each package of others as one entry. */
function gathered(contents: readonly Content[]): Content[] {
  const sums = new Map<string, number>();
  for (const { path, bytes } of contents) {
    const [folder = path] = /^.*node_modules\/(@[^/]+\/)?[^/]+\//.exec(path) ?? [];
    sums.set(folder, (sums.get(folder) ?? 0) + bytes);
  }
  return [...sums].map(([path, bytes]) => ({ path, bytes }));
}

function makeAll(version: string): Artefact[] {
  const scratch = mkdtempSync(join(tmpdir(), 'rolloscope-release-'));
  const { GRAFANA_ACCESS_POLICY_TOKEN: key, GRAFANA_ROOT_URLS: rootUrls } = process.env;
  try {
    return [
      storePackage(root, version, scratch),
      pluginZip(root, version, scratch, dry ? {} : { key, rootUrls }),
      chartPackage(root, version, scratch),
      ...bills(root, version, scratch),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Grafana's catalogue asks for the SHA-1 of a plugin's archive. */
const catalogueSum = ({ file, bytes }: Artefact) => ({ file: `${file}.sha1`, text: `${hashOf('sha1', bytes)}\n` });

function write(artefacts: readonly Artefact[]): string {
  const folder = resolve(root, values.to);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, bytes } of artefacts) {
    writeFileSync(join(folder, file), bytes);
  }
  writeFileSync(join(folder, 'SHA256SUMS'), checksums(artefacts));
  for (const { file, text } of artefacts.filter(({ file }) => file.endsWith('.zip')).map(catalogueSum)) {
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

try {
  const version = versionOf(root);
  refuseUnready(root, version, values.tag);
  const artefacts = makeAll(version);
  artefacts.forEach(show);
  const why = whyNoImage();
  console.log(`\nrolloscope-store-image-${version}.tar\n  Image of the run store, for ${PLATFORMS.join(' and ')}`);
  console.log(why ? `  left out here: ${why}` : '  of store/Dockerfile');
  if (dry) {
    console.log('\nA dry run: nothing was written.');
  } else {
    const folder = write(artefacts);
    if (why === undefined) {
      buildImage(root, version, folder);
    }
    console.log(`\nWritten to ${folder}, with SHA256SUMS. ${why ? 'The image is not among them.' : ''}`);
  }
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
}
