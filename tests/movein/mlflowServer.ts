import { join } from 'node:path';
import { installPackage } from '../clients/installPackage';
import { NEWEST } from '../mlflow/versions';
import { freePort } from '../processes/freePort';
import { startProcess } from '../processes/startProcess';

/** What the server needs beside the client, which has its code; of `mlflow` itself most is for other things. */
const BESIDES = [
  'pandas',
  'psutil',
  'flask',
  'flask-cors',
  'sqlalchemy',
  'alembic',
  'graphene',
  'aiohttp',
  'huey',
  'cryptography',
];

/** The Python that has a whole MLflow server, and its client. */
export const installServer = () => installPackage('mlflow-skinny', NEWEST, BESIDES);

export interface MlflowServer {
  url: string;
  stop(): Promise<void>;
}

/** Starts MLflow's own server on a new database below a folder, and waits until it is healthy. */
export async function startServer(python: string, folder: string): Promise<MlflowServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const stores = [
    '--backend-store-uri',
    `sqlite:///${join(folder, 'mlflow.db')}`,
    '--artifacts-destination',
    join(folder, 'artifacts'),
  ];
  const env = { PATH: process.env.PATH, HOME: folder, MLFLOW_DISABLE_TELEMETRY: 'true' };
  const server = startProcess(python, [...args, ...stores], { cwd: folder, env });
  for (let waited = 0; !(await isHealthy(url)); waited += 250) {
    if (waited > 240_000 || server.process.exitCode !== null) {
      throw new Error(`MLflow did not start:\n${server.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return { url, stop: async () => void (await server.stop()) };
}

const isHealthy = async (url: string) => (await fetch(`${url}/health`).catch(() => undefined))?.ok ?? false;
