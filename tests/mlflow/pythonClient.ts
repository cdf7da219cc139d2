import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, removeFolder } from '../clients/folders';
import { installPackage } from '../clients/installPackage';
import { outputOf, type Script, startScript } from '../clients/startScript';

const clients = fileURLToPath(new URL('clients', import.meta.url));

/** The Python that has one version of the client, with what its tables and its machine metrics need. */
export const installClient = (version: string) => installPackage('mlflow-skinny', version, ['pandas', 'psutil']);

export interface ClientOptions {
  python: string;
  url: string;
  token?: string;
  env?: Record<string, string>;
  args?: string[];
}

/** Starts a script of `clients/` as a trainer would run; what the client tells its makers stays off. */
export async function startClient(script: string, { python, url, token, env, args = [] }: ClientOptions) {
  const folder = await makeFolder();
  const started = startScript({
    python,
    args: [join(clients, script), ...args],
    folder,
    env: {
      MLFLOW_TRACKING_URI: url,
      ...(token !== undefined && { MLFLOW_TRACKING_TOKEN: token }),
      MLFLOW_DISABLE_TELEMETRY: 'true',
      ...env,
    },
  });
  const ended = started.ended.then(async (code) => {
    await removeFolder(folder);
    return code;
  });
  return { ...started, ended } satisfies Script;
}

/** Runs a script to its end; throws with what it wrote when it fails. */
export const runClient = async (script: string, options: ClientOptions): Promise<string> =>
  outputOf(await startClient(script, options), script);
