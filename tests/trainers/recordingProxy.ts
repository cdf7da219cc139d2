import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Heard } from './Exchange';

/** Headers that say how a body is to be read, and who of several writers sends it. */
const KEPT = ['content-type', 'x-wandb-async-client-id', 'x-wandb-username'];

export interface RecordingProxy {
  url: string;
  /** What was asked and answered so far, in the order of asking; reads are left out. */
  heard: Heard[];
  stop(): Promise<void>;
}

const plain = (bytes: Buffer, encoding: string | undefined) => (encoding === 'gzip' ? gunzipSync(bytes) : bytes);

const kept = ({ headers }: IncomingMessage) =>
  Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));

/** Stands between a trainer and a store, hands everything on, and keeps what was said. */
export async function recordingProxy(target: string): Promise<RecordingProxy> {
  const heard: Heard[] = [];
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    const body = plain(await buffer(request), headers['content-encoding']);
    const exchange: Heard = { method, path, headers: kept(request), body: body.toString(), status: 0, answer: '' };
    if (method !== 'GET' && method !== 'HEAD') {
      heard.push(exchange);
    }
    // The store tells its clients addresses under the host that they asked, which is this proxy's.
    const { host, authorization } = headers;
    const passed = { ...kept(request), host, ...(authorization && { authorization }), 'content-length': body.length };
    const asking = ask(target + path, { method, headers: passed, agent: false }).end(body);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    exchange.status = answer.statusCode ?? 0;
    exchange.answer = await text(answer);
    const type = answer.headers['content-type'];
    response.writeHead(exchange.status, type === undefined ? {} : { 'content-type': type }).end(exchange.answer);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    heard,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
