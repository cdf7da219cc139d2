import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPreview } from './server';

/** An upstream that tells what reached it. */
const arrived: IncomingMessage[] = [];
let releaseRest = () => {};
let left = new Promise<void>(() => {});
let store: Server;
let preview: FastifyInstance;
let base: string;

const dataSource = (uid: string, url: string) => ({
  name: uid,
  type: 'rolloscope-runs-datasource',
  uid,
  url,
  jsonData: { httpHeaderName1: 'Authorization' },
  secureJsonData: { httpHeaderValue1: 'Bearer read-token' },
});

beforeAll(async () => {
  store = createServer((request, response) => {
    arrived.push(request);
    if (request.url?.startsWith('/api/v1/forbidden')) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"code":"token_missing"}}');
    } else if (request.url?.startsWith('/api/v1/export')) {
      response.writeHead(200, { 'content-disposition': 'attachment; filename="rows.csv"' });
      response.write('first\n');
      releaseRest = () => response.end('last\n');
    } else if (request.url?.startsWith('/api/v1/slow')) {
      left = new Promise((resolve) => response.once('close', resolve));
    } else if (request.method === 'POST') {
      request.pipe(response.writeHead(202, { 'content-type': 'application/json' }));
    } else {
      response.end('{}');
    }
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  const { port } = store.address() as AddressInfo;
  preview = await createPreview({
    dataSources: [dataSource('up', `http://127.0.0.1:${port}`), dataSource('down', 'http://127.0.0.1:9')],
  });
  base = await preview.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await preview.close();
  store.close();
});

beforeEach(() => {
  arrived.length = 0;
});

const proxied = (path: string, init?: RequestInit, uid = 'up') =>
  fetch(`${base}/api/datasources/proxy/uid/${uid}${path}`, init);

describe('the data-source proxy', () => {
  it('adds the read token, which the browser never sees', async () => {
    await proxied('/api/v1/runs', { headers: { cookie: 'session=1', referer: `${base}/d/x` } });
    expect(arrived[0]?.headers.authorization).toBe('Bearer read-token');
    expect(arrived[0]?.headers.cookie).toBeUndefined();
    expect(arrived[0]?.headers.referer).toBeUndefined();
    expect(arrived[0]?.headers['x-forwarded-for']).toBe('127.0.0.1');
    const known = await (await fetch(`${base}/preview/datasources`)).text();
    expect(known).toContain('"httpHeaderValue1":true');
    expect(known).not.toContain('read-token');
  });

  it('leaves path, query and body as they are', async () => {
    const body = JSON.stringify({ runs: ['a/b'], text: 'ü\ud83d\ude00' });
    const headers = { 'content-type': 'application/json' };
    const answer = await proxied('/api/v1/runs/a%2Fb%20c%25/log?batchId=1%2B1', { method: 'POST', headers, body });
    expect(arrived[0]?.url).toBe('/api/v1/runs/a%2Fb%20c%25/log?batchId=1%2B1');
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe(body);
  });

  it('streams an attachment: its beginning is there before its end', async () => {
    const answer = await proxied('/api/v1/export/ticket');
    expect(answer.headers.get('content-disposition')).toContain('rows.csv');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('first\n');
    releaseRest();
    expect((await reader?.read())?.value).toBe('last\n');
  });

  it('tells the store when the client has gone, as Grafana does', async () => {
    const abort = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const answer = proxied('/api/v1/slow', { method: 'POST', headers, body: '{}', signal: abort.signal });
    await vi.waitFor(() => expect(arrived.length).toBe(1));
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await left;
  });

  it('turns a 401 into a 400 of plain text, as Grafana does', async () => {
    const answer = await proxied('/api/v1/forbidden');
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toBe('Authentication to data source failed');
  });

  it('answers 502 where no store listens', async () => {
    expect((await proxied('/api/v1/runs', undefined, 'down')).status).toBe(502);
  });
});

describe('files', () => {
  it('serves no file outside its folders', async () => {
    for (const path of [
      '/public/plugins/rolloscope-runs-app/..%2fpackage.json',
      '/public/plugins/rolloscope-runs-app/%2e%2e/package.json',
      '/public/build/img/icons/..%2f..%2f..%2f..%2fpackage.json',
      '/public/fonts/inter/..%2f..%2f..%2f..%2fpackage.json',
    ]) {
      const text = await (await fetch(base + path)).text();
      expect(text, path).not.toContain('"workspaces"');
    }
  });

  it('has an icon for a name without a file', async () => {
    const answer = await fetch(`${base}/public/build/img/icons/unicons/no-such-icon.svg`);
    expect(answer.headers.get('content-type')).toContain('image/svg+xml');
  });
});
