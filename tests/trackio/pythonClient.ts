import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder } from '../clients/folders';
import { installPackage } from '../clients/installPackage';
import { outputOf, type Script, startScript } from '../clients/startScript';
import { BESIDE_NEWEST, BESIDE_OLDER, NEWEST, PYARROW } from './versions';

const clients = fileURLToPath(new URL('clients', import.meta.url));

/** The Python that has one version of `trackio`. */
export const installClient = (version: string) =>
  installPackage('trackio', version, version === NEWEST ? BESIDE_NEWEST : BESIDE_OLDER);

/** The Python of the newest client with what it exports parquet by. */
export const installExporter = () => installPackage('trackio', NEWEST, [...BESIDE_NEWEST, PYARROW]);

export interface ClientOptions {
  python: string;
  url: string;
  token?: string;
  env?: Record<string, string>;
  args?: string[];
  /** Where it keeps what it could not send; else a folder that goes with it. */
  folder?: string;
}

/** Starts a script of `clients/` as a trainer would run: two variables set, nothing else. */
export async function startClient(script: string, options: ClientOptions): Promise<Script> {
  const { python, url, token = 'any', env, args = [] } = options;
  const folder = options.folder ?? (await makeFolder());
  const started = startScript({
    python,
    args: [join(clients, script), ...args],
    folder,
    env: { TRACKIO_SERVER_URL: url, TRACKIO_WRITE_TOKEN: token, ...env },
  });
  const ended = started.ended.then(async (code) => {
    if (options.folder === undefined) {
      await removeFolder(folder);
    }
    return code;
  });
  return { ...started, ended };
}

/** Runs a script to its end; throws with what it wrote when it fails. */
export const runClient = async (script: string, options: ClientOptions): Promise<string> =>
  outputOf(await startClient(script, options), script);
