import { freePort } from '../../processes/freePort';
import { startProcess } from '../../processes/startProcess';
import { installClient } from '../../trackio/pythonClient';
import { NEWEST } from '../../trackio/versions';
import { WireClient } from '../../trackio/WireClient';
import { BATCH, ids, type Peer, POINTS, ready, valueAt, WANTED } from './peer';

const TOKEN = 'bench';
const SERVER = "import trackio; trackio.show(host='127.0.0.1', open_browser=False)";

/** All metrics of a run at every n-th step, as its page asks for them. */
export async function openTrackio(folder: string): Promise<Peer> {
  const python = await installClient(NEWEST);
  const port = `${await freePort()}`;
  const env = {
    ...process.env,
    TRACKIO_DIR: folder,
    TRACKIO_WRITE_TOKEN: TOKEN,
    GRADIO_SERVER_PORT: port,
    GRADIO_NUM_PORTS: '1',
  };
  const server = startProcess(python, ['-c', SERVER], { env });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, server);
  const client = new WireClient(url, TOKEN);
  for (const [number, run] of ids.entries()) {
    for (let from = 0; from < POINTS; from += BATCH) {
      const entries = Array.from({ length: Math.min(BATCH, POINTS - from) }, (_, i) => {
        const step = from + i;
        return { project: 'bench', run, metrics: { loss: valueAt(number, step) }, step, config: null };
      });
      await client.log(entries);
    }
  }
  const asked = { project: 'bench', runs: ids.map((run) => ({ run, run_id: null })), max_points: WANTED };
  const read = async () => {
    const answer = await client.call('get_logs_batch', asked);
    const text = await answer.text();
    if (!answer.ok || text.length < ids.length * Math.min(POINTS, WANTED) * 10) {
      throw new Error(`It has not all of the points: ${answer.status} ${text.slice(0, 300)}`);
    }
    return text;
  };
  await read();
  return { name: `trackio ${NEWEST}`, byStep: read, byTime: read, stop: () => server.stop() };
}
