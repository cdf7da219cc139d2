import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { event, frame } from '../../../store/testing/eventBytes';
import { freePort } from '../../processes/freePort';
import { startProcess } from '../../processes/startProcess';
import { installWriters } from '../../tensorboard/installWriters';
import { answered, BEGIN, ids, type Peer, POINTS, RUNS, ready, valueAt, WANTED } from './peer';

/** It keeps a sample of 1,000 points of each curve in memory, so what it gives has no extremes. */
export async function openTensorBoard(folder: string): Promise<Peer> {
  const python = await installWriters();
  for (const [run, id] of ids.entries()) {
    await mkdir(join(folder, id));
    const events = Array.from({ length: POINTS }, (_, step) => frame(event(step, 'loss', valueAt(run, step))));
    await writeFile(join(folder, id, `events.out.tfevents.${BEGIN}.bench`), Buffer.concat(events));
  }
  const port = await freePort();
  const server = startProcess(python, [
    '-m',
    'tensorboard.main',
    '--logdir',
    folder,
    '--port',
    `${port}`,
    '--bind_all',
  ]);
  const url = `http://127.0.0.1:${port}/data/plugin/scalars`;
  await ready(`${url}/tags`, server);
  const read = async () => {
    const body = new URLSearchParams([['tag', 'loss'], ...ids.map((id) => ['runs', id])]);
    return answered(`${url}/scalars_multirun`, { method: 'POST', body });
  };
  // It reads its files in the background.
  for (let last = -1, now = 0; now !== last || now < RUNS * Math.min(POINTS, WANTED) * 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    [last, now] = [now, (await read()).length];
  }
  return { name: 'TensorBoard', byStep: read, byTime: read, stop: () => server.stop() };
}
