import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { arriving } from './arriving';

it.each([
  ['the whole body', 0],
  ['a part of it', 5],
])('tells of a client that goes after %s, before it was read', async (_, missing) => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const body = Buffer.alloc(1_000, 'x');
  const headers = { 'content-length': body.length + missing };
  const client = httpRequest({ port, host: '127.0.0.1', method: 'PUT', headers });
  client.on('error', () => undefined);
  client.write(body);
  const [incoming] = (await once(server, 'request')) as [IncomingMessage];
  // What has come stays in the stream, little as it is, while the connection goes.
  client.destroy();
  await new Promise((resolve) => incoming.socket.once('close', resolve));
  const all = async () => {
    for await (const piece of arriving(incoming)) {
      expect(piece.length).toBeGreaterThan(0);
    }
  };
  await expect(all()).rejects.toMatchObject({ code: 'invalid_request' });
  server.close();
});
