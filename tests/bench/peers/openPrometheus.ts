import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath } from '../../../.config/testTools';
import { freePort } from '../../processes/freePort';
import { runToSuccess, startProcess } from '../../processes/startProcess';
import { answered, BEGIN, ids, PANEL_POINTS, PANELS, type Peer, POINTS, RUNS, ready, valueAt, WANTED } from './peer';

/** By time alone; every so many seconds it gives the newest value, whatever was between. */
export async function openPrometheus(folder: string): Promise<Peer> {
  const linesOf = (name: string, points: number) => [
    `# TYPE ${name} gauge`,
    ...ids.flatMap((id, run) =>
      Array.from({ length: points }, (_, step) => `${name}{run="${id}"} ${valueAt(run, step)} ${BEGIN + step}`),
    ),
  ];
  const lines = [...linesOf('loss', POINTS), ...PANELS.flatMap((name) => linesOf(name, PANEL_POINTS))];
  const text = join(folder, 'points.txt');
  await writeFile(text, `${lines.join('\n')}\n# EOF\n`);
  await runToSuccess(toolPath('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'data')]);
  await writeFile(join(folder, 'prometheus.yaml'), 'global: {}\n');
  const port = await freePort();
  const server = startProcess(toolPath('prometheus'), [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/-/ready`, server);
  const ask = (name: string, points: number) => {
    const step = Math.max(1, Math.ceil(points / WANTED));
    const range = `start=${BEGIN}&end=${BEGIN + points}&step=${step}`;
    return answered(`${url}/api/v1/query_range?query=${name}&${range}`);
  };
  const read = () => ask('loss', POINTS);
  if ((await read()).length < RUNS * Math.min(POINTS, WANTED) * 10) {
    throw new Error('It has not all of the points.');
  }
  // A panel is a request of its own.
  const refresh = () => Promise.all(PANELS.map((name) => ask(name, PANEL_POINTS)));
  return { name: 'Prometheus', byTime: read, refresh, stop: () => server.stop() };
}
