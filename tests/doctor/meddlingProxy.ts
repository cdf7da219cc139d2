import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy between a client and its store does that it should not. */
export interface Meddling {
  /** Takes the header Authorization away. */
  stripsToken?: boolean;
  /** Refuses larger bodies, as nginx does: 413, and a page. */
  mostBytes?: number;
  /** Answers with a time so many milliseconds from now. */
  clock?: number;
  /** Adds `Age`, as one that keeps answers. */
  keeps?: boolean;
}

export interface MeddlingProxy {
  url: string;
  stop(): Promise<void>;
}

/** Hands calls on to a server, and meddles with them. */
export async function meddlingProxy(target: string, meddling: Meddling): Promise<MeddlingProxy> {
  const { stripsToken, mostBytes = Number.POSITIVE_INFINITY, clock, keeps } = meddling;
  const proxy = createServer((request, response) => {
    const { authorization, ...others } = request.headers;
    const headers = stripsToken || authorization === undefined ? others : { ...others, authorization };
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
      request.resume();
      response.writeHead(413, { 'content-type': 'text/html' }).end('<h1>413 Request Entity Too Large</h1>');
      return;
    }
    const handed = ask(`${target}${request.url}`, { method: request.method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, {
        ...answer.headers,
        ...(clock !== undefined && { date: new Date(Date.now() + clock).toUTCString() }),
        ...(keeps && { age: '60' }),
      });
      answer.pipe(response);
    });
    handed.once('error', () =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>'),
    );
    request.pipe(handed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
