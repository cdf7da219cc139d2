import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artefact } from './Artefact';

/** The bills of materials, anew, by `npm run sbom`. */
export function bills(root: string, version: string, scratch: string): Artefact[] {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'sbom', '--', scratch], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(`npm run sbom failed: ${stderr}`);
  }
  return [
    { name: 'store', title: 'Bill of materials (CycloneDX): what the store needs to run' },
    { name: 'project', title: 'Bill of materials (CycloneDX): what all of it is built and tested with' },
  ].map(({ name, title }) => {
    const bytes = readFileSync(join(scratch, `${name}.cdx.json`));
    const { components } = JSON.parse(bytes.toString()) as { components: unknown[] };
    return {
      title: `${title}, ${components.length} packages`,
      file: `rolloscope-${name}-${version}.cdx.json`,
      bytes,
      contents: [],
    };
  });
}
