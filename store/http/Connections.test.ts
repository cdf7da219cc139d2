import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Connections } from './Connections';

let server: Server;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  server.close();
});

/** A connection that asks, and takes nothing of the answer. */
function ask(): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

async function listen(times: { taker: number; sweep: number }, answer: Parameters<typeof createServer>[1]) {
  server = createServer(answer as never);
  new Connections(server, times);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

it('ends a connection whose client does not take the answer, and none that waits for one', async () => {
  const ends: string[] = [];
  let asked = 0;
  await listen({ taker: 300, sweep: 50 }, (_request, response) => {
    const name = asked++ === 0 ? 'large' : 'slow';
    response.on('close', () => ends.push(name));
    if (name === 'large') {
      response.write(Buffer.alloc(30_000_000));
    } else {
      setTimeout(() => response.end('done'), 1_500);
    }
  });
  ask();
  await expect.poll(() => asked).toBe(1);
  ask().resume();
  await expect.poll(() => ends).toEqual(['large', 'slow']);
});

it('tells every answer of a connection that it is over, also those that wait behind another', async () => {
  let open = 0;
  await listen({ taker: 10_000, sweep: 1_000 }, (_request, response) => {
    open++;
    response.on('close', () => open--);
  });
  const socket = ask();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(4));
  await expect.poll(() => open).toBe(5);
  socket.destroy();
  await expect.poll(() => open).toBe(0);
});
