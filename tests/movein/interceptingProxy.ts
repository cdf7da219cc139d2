import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it came. */
export interface Asked {
  path: string;
  body: string;
  /** Calls before it. */
  before: number;
}

/** What is answered instead of what the server would; undefined hands the call on. */
export interface Instead {
  status: number;
  headers?: Record<string, string>;
  /** Ends the connection without an answer. */
  isCut?: boolean;
}

export interface InterceptingProxy {
  url: string;
  /** Calls so far. */
  calls(): number;
  stop(): Promise<void>;
}

/** Hands calls on to a server, or answers them as told. */
export async function interceptingProxy(
  target: string,
  decide: (asked: Asked) => Instead | undefined | Promise<Instead | undefined>,
): Promise<InterceptingProxy> {
  let calls = 0;
  const proxy = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const body = Buffer.concat(parts);
    const instead = await decide({ path: request.url ?? '', body: body.toString(), before: calls++ });
    if (instead?.isCut) {
      request.socket.destroy();
      return;
    }
    if (instead) {
      response.writeHead(instead.status, { 'content-type': 'text/plain', ...instead.headers }).end('not now');
      return;
    }
    const { method, headers } = request;
    const handed = ask(`${target}${request.url}`, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    handed.once('error', () => request.socket.destroy());
    handed.end(body);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    calls: () => calls,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
