import { join } from 'node:path';
import { installPackage } from '../../clients/installPackage';
import { NEWEST as MLFLOW } from '../../mlflow/versions';
import { freePort } from '../../processes/freePort';
import { startProcess } from '../../processes/startProcess';
import { answered, BATCH, BEGIN, ids, json, type Peer, POINTS, ready, valueAt, WANTED } from './peer';

/** Of each curve every n-th point, as its page asks for them. */
export async function openMlflow(folder: string): Promise<Peer> {
  const python = await installPackage('mlflow', MLFLOW);
  const port = await freePort();
  const args = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--default-artifact-root', folder];
  const server = startProcess(python, ['-m', 'mlflow', 'server', ...args, '--port', `${port}`, '--workers', '1']);
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/health`, server);
  const runs: string[] = [];
  for (const run of ids.keys()) {
    const made = await answered(`${url}/api/2.0/mlflow/runs/create`, json({ experiment_id: '0' }));
    const run_id = (JSON.parse(made) as { run: { info: { run_id: string } } }).run.info.run_id;
    runs.push(run_id);
    for (let from = 0; from < POINTS; from += BATCH) {
      const metrics = Array.from({ length: Math.min(BATCH, POINTS - from) }, (_, i) => {
        const step = from + i;
        return { key: 'loss', value: valueAt(run, step), step, timestamp: (BEGIN + step) * 1_000 };
      });
      await answered(`${url}/api/2.0/mlflow/runs/log-batch`, json({ run_id, metrics }));
    }
  }
  const asked = new URLSearchParams([
    ...runs.map((id) => ['run_ids', id]),
    ['metric_key', 'loss'],
    ['max_results', `${WANTED}`],
  ]);
  const read = () => answered(`${url}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${asked}`);
  await read();
  return { name: `MLflow ${MLFLOW}`, byStep: read, byTime: read, stop: () => server.stop() };
}
