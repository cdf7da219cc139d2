import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LosingProxy {
  url: string;
  /** Calls whose answers it kept back, by path. */
  lost: Map<string, number>;
  stop(): Promise<void>;
}

/** Hands calls on to a server, and loses every `nth` answer to a call of each path: the server did what it was asked. */
export async function losingProxy(target: string, nth: number): Promise<LosingProxy> {
  const calls = new Map<string, number>();
  const lost = new Map<string, number>();
  const proxy = createServer((request, response) => {
    const { method, headers } = request;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const call = calls.get(path) ?? 0;
    calls.set(path, call + 1);
    // As proxies do by default, every call goes over a connection of its own.
    const handed = ask(`${target}${request.url}`, { method, headers, agent: false }, (answer) => {
      if (call % nth !== 0) {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        return;
      }
      lost.set(path, (lost.get(path) ?? 0) + 1);
      answer.resume().once('end', () => request.socket.destroy());
    });
    handed.once('error', () => request.socket.destroy());
    request.pipe(handed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lost,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
