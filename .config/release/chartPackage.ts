import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Artefact, contentsOf } from './Artefact';

/** The Helm chart, as `helm package` packs it; its file says that it is one, since npm's has the same name. */
export function chartPackage(root: string, version: string, scratch: string): Artefact {
  const file = `rolloscope-store-chart-${version}.tgz`;
  const packed = join(scratch, file);
  const { status, stderr } = spawnSync('tar', ['-czf', packed, '-C', join(root, 'charts'), 'rolloscope-store'], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`tar could not pack the chart: ${stderr}`);
  }
  return {
    title: 'Helm chart of the run store',
    file,
    bytes: readFileSync(packed),
    contents: contentsOf(join(root, 'charts/rolloscope-store'), 'rolloscope-store/'),
  };
}
