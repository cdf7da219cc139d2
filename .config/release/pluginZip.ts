import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Artefact, contentsOf, filesBelow } from './Artefact';
import { zip } from './zip';

/** Grafana's own tool; it asks Grafana's API for the signature, so it runs only where there is a key. */
const SIGNER = '@grafana/sign-plugin@3.3.3';

interface Signing {
  /** `GRAFANA_ACCESS_POLICY_TOKEN`; without it the plugin stays unsigned. */
  key?: string | undefined;
  /** `GRAFANA_ROOT_URLS`, with commas: the Grafanas that a private signature is for. */
  rootUrls?: string | undefined;
}

/** The built plugin as Grafana's `plugins install` and its catalogue want it: one folder, named by the plugin's id. */
export function pluginZip(root: string, version: string, scratch: string, { key, rootUrls }: Signing): Artefact {
  const dist = join(root, 'dist');
  const { id, info } = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8')) as {
    id: string;
    info: { version: string };
  };
  if (info.version !== version) {
    throw new Error(`dist/ is of version ${info.version}, not ${version}: npm run build`);
  }
  const folder = join(scratch, id);
  cpSync(dist, folder, { recursive: true });
  if (key) {
    sign(folder, key, rootUrls);
  }
  const files = new Map(filesBelow(folder).map((path) => [`${id}/${path}`, readFileSync(join(folder, path))]));
  return {
    title: key ? 'Grafana plugin, signed' : 'Grafana plugin, not signed (no GRAFANA_ACCESS_POLICY_TOKEN)',
    file: `${id}-${version}.zip`,
    bytes: zip(files),
    contents: contentsOf(folder, `${id}/`),
  };
}

/** Puts Grafana's `MANIFEST.txt` into a plugin's folder. */
function sign(folder: string, key: string, rootUrls: string | undefined): void {
  const args = ['--yes', SIGNER, '--distDir', folder, ...(rootUrls ? ['--rootUrls', rootUrls] : [])];
  const { status } = spawnSync('npx', args, {
    stdio: 'inherit',
    env: { ...process.env, GRAFANA_ACCESS_POLICY_TOKEN: key },
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new Error(`${SIGNER} did not sign the plugin; see above.`);
  }
}
