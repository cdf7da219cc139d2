import { connect, type Socket } from 'node:net';

/** A request by hand: what no HTTP client would do. */
export interface RawRequest {
  socket: Socket;
  /** What came back so far. */
  text(): string;
  /** The status of the answer; rejects when the connection ends without one. */
  status: Promise<number>;
  /** Resolves when the connection is over, with the milliseconds since it began. */
  closed: Promise<number>;
}

/** Sends a head, and as much of a body as is given; whatever it says may follow over `socket`. `from`: of which address. */
export function rawRequest(
  url: string,
  requestLine: string,
  headers: readonly string[],
  body = '',
  from?: string,
): RawRequest {
  const begin = performance.now();
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, ...(from !== undefined && { localAddress: from }) });
  let text = '';
  const status = new Promise<number>((resolve, reject) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const [, code] = /^HTTP\/1\.1 ([2-5]\d\d)/m.exec(text) ?? [];
      if (code !== undefined) {
        resolve(Number(code));
      }
    });
    socket.once('close', () => reject(new Error(`no status in ${JSON.stringify(text.slice(0, 200))}`)));
  });
  // Whoever does not ask for it need not handle that there is none.
  status.catch(() => undefined);
  const closed = new Promise<number>((resolve) => {
    socket.once('close', () => resolve(performance.now() - begin));
  });
  socket.on('error', () => undefined);
  socket.write(`${[`${requestLine} HTTP/1.1`, `Host: localhost:${port}`, ...headers].join('\r\n')}\r\n\r\n${body}`);
  return { socket, text: () => text, status, closed };
}
