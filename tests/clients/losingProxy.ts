import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * How an answer is lost after the server has done what it was asked: the connection is reset before it, in the middle of
 * its head, in the middle of its body, or it does not come until the client has given up.
 */
export type Cut = 'before' | 'within' | 'after' | 'late';

export interface LosingOptions {
  /** Every so many calls of each path one answer is lost, the first one first. */
  nth: number;
  /** Taken in turns. */
  cuts?: readonly Cut[];
  /** Whether answers of a path may be lost; all may when left out. */
  isCut?(path: string): boolean;
}

export interface LosingProxy {
  url: string;
  /** Calls whose answers it kept back, by path. */
  lost: Map<string, number>;
  /** The same by how they were cut. */
  cuts: Map<Cut, number>;
  stop(): Promise<void>;
}

/** Milliseconds after which a part of an answer has arrived, and the connection is reset. */
const ARRIVED_MS = 30;

/** Hands calls on to a server, and loses answers to them. */
export async function losingProxy(
  target: string,
  { nth, cuts = ['before'], isCut = () => true }: LosingOptions,
): Promise<LosingProxy> {
  const calls = new Map<string, number>();
  const lost = new Map<string, number>();
  const made = new Map<Cut, number>();
  let turn = 0;
  const proxy = createServer((request, response) => {
    const { method, headers } = request;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const call = calls.get(path) ?? 0;
    calls.set(path, call + 1);
    // As proxies do by default, every call goes over a connection of its own.
    const handed = ask(`${target}${request.url}`, { method, headers, agent: false }, (answer) => {
      if (call % nth !== 0 || !isCut(path)) {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
        return;
      }
      const cut = cuts[turn++ % cuts.length] ?? 'before';
      lost.set(path, (lost.get(path) ?? 0) + 1);
      made.set(cut, (made.get(cut) ?? 0) + 1);
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => lose(request.socket, cut, headOf(answer, parts), Buffer.concat(parts)));
    });
    handed.once('error', () => request.socket.destroy());
    request.pipe(handed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lost,
    cuts: made,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** The head of an answer whose body is sent as a whole. */
function headOf({ statusCode, statusMessage, headers }: IncomingMessage, parts: readonly Buffer[]): Buffer {
  const { 'transfer-encoding': _, connection: __, ...kept } = headers;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = { ...kept, 'content-length': String(length), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`, 'latin1');
}

function lose(socket: Socket, cut: Cut, head: Buffer, body: Buffer): void {
  if (cut === 'late') {
    return;
  }
  if (cut === 'before') {
    socket.resetAndDestroy();
    return;
  }
  const part =
    cut === 'within' ? head.subarray(0, head.length / 2) : Buffer.concat([head, body.subarray(0, body.length / 2)]);
  socket.write(part, () => setTimeout(() => socket.resetAndDestroy(), ARRIVED_MS));
}
