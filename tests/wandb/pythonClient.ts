import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiKeyOf } from '../../store/http/apiKey';
import { makeFolder, removeFolder } from '../clients/folders';
import { installPackage } from '../clients/installPackage';
import { outputOf, type Script, startScript } from '../clients/startScript';
import { NEWEST } from './versions';

const clients = fileURLToPath(new URL('clients', import.meta.url));

/** The Python that has one version of `wandb`. */
export const installClient = (version: string) => installPackage('wandb', version);

/** The same of the newest one, with what it draws images by. */
export const installWithImages = () => installPackage('wandb', NEWEST, ['pillow==12.0.0']);

/** Folders of the runs that were logged offline below a WANDB_DIR. */
export async function findRuns(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'wandb'));
  return names.filter((name) => name.startsWith('offline-run-')).map((name) => join(folder, 'wandb', name));
}

export interface ClientOptions {
  python: string;
  url: string;
  token?: string;
  env?: Record<string, string>;
  args?: string[];
}

/** Starts a script of `clients/` in a folder of its own, as a trainer would run: two variables set, nothing else. */
export async function startClient(script: string, options: ClientOptions): Promise<Script> {
  const { python, url, token = 'any', env, args = [] } = options;
  const folder = env?.WANDB_DIR ?? (await makeFolder());
  const started = startScript({
    python,
    args: script.startsWith('-') ? [...script.split(' '), ...args] : [join(clients, script), ...args],
    folder,
    env: { WANDB_DIR: folder, WANDB_BASE_URL: url, WANDB_API_KEY: apiKeyOf(token), ...env },
  });
  const ended = started.ended.then(async (code) => {
    if (!env?.WANDB_DIR) {
      await removeFolder(folder);
    }
    return code;
  });
  return { ...started, ended };
}

/** Runs a script to its end; throws with what it wrote when it fails. */
export const runClient = async (script: string, options: ClientOptions): Promise<string> =>
  outputOf(await startClient(script, options), script);
