import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';
import { type RawRequest, rawRequest } from './rawRequest';

const MB = 2 ** 20;
const READER = 'Authorization: Bearer reader';
const WRITER = 'Authorization: Bearer writer';
const JSON_BODY = 'Content-Type: application/json';

let store: AttackedStore;
const raws: RawRequest[] = [];
beforeAll(async () => {
  store = await attackedStore({ args: ['--read-token', 'reader', '--write-token', 'writer'] });
  expect((await put('r')).status).toBe(200);
  for (let part = 0; part < 4; part++) {
    const rows = Array.from({ length: 1_000 }, (_, i) => [part * 1_000 + i, 'x'.repeat(5_000)]);
    const entries = [{ step: part, tables: { t: { columns: ['i', 'text'], rows } } }];
    expect((await log('r', entries)).status).toBe(200);
  }
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => {
  for (const { socket } of raws.splice(0)) {
    socket.destroy();
  }
  store.expectWell();
});

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const put = (run: string) => store.call('PUT', `/api/v1/runs/${run}`, { project: 'p' }, as('writer'));
const log = (run: string, entries: object[]) =>
  store.call('POST', `/api/v1/runs/${run}/log`, { entries }, as('writer'));
const raw = (...args: Parameters<typeof rawRequest> extends [string, ...infer Rest] ? Rest : never) => {
  const one = rawRequest(store.url, ...args);
  raws.push(one);
  return one;
};
const headers = (token: string, length: number) => [JSON_BODY, token, `Content-Length: ${length}`];

let step = 100;
/** Log calls while something else goes on: none is refused. */
async function expectLogging(times = 20): Promise<void> {
  for (let i = 0; i < times; i++) {
    const { status, text } = await log('r', [{ step: ++step, metrics: { m: i } }]);
    expect([status, text]).toEqual([200, '{"accepted":1}']);
  }
}

it('a body of a query is small: a large one is refused before it comes', async () => {
  for (const path of ['/api/v1/query/rows', '/api/v1/export', '/opentsdb/api/query']) {
    const { status } = raw(`POST ${path}`, headers(READER, 32 * MB), '{');
    expect(await status).toBe(413);
  }
  const chunked = raw('POST /api/v1/query/rows', [JSON_BODY, READER, 'Transfer-Encoding: chunked']);
  chunked.socket.write(`${(3 * MB).toString(16)}\r\n${' '.repeat(3 * MB)}`);
  expect(await chunked.status).toBe(413);
});

it('unfinished bodies with a read token, or with a write token, keep no log call waiting', async () => {
  const begun: RawRequest[] = [];
  for (let i = 0; i < 12; i++) {
    begun.push(raw('POST /api/v1/query/rows', headers(READER, 2 * MB), ' '.repeat(2 * MB - 1)));
  }
  for (let i = 0; i < 5; i++) {
    begun.push(raw('POST /api/v1/runs/r/log', headers(WRITER, 32 * MB), ' '.repeat(32 * MB - 1)));
  }
  await sleep(1_500);
  await expectLogging();
  // What is beyond the budget is told to come back; nobody else is.
  const refused = await Promise.all(begun.map(({ text }) => /HTTP\/1\.1 (\d+)/.exec(text())?.[1]));
  expect(new Set(refused)).toEqual(new Set(['429', undefined]));
  // Who sends half and stops is told so, and the connection ends.
  const stopped = begun.filter((_, i) => refused[i] === undefined);
  expect(await Promise.all(stopped.map(({ status }) => status))).toEqual(stopped.map(() => 400));
  expect(stopped[0]?.text()).toMatch(/did not arrive/);
  expect(await stopped[0]?.closed).toBeLessThan(30_000);
  await expectLogging(3);
});

it('what a client that goes away held is given back, also of requests that waited behind another', async () => {
  for (let i = 0; i < 30; i++) {
    const one = raw('POST /api/v1/runs/r/log', headers(WRITER, 12), '{"entries":[');
    const body = `{"entries":[]${' '.repeat(8 * MB)}`;
    for (let behind = 0; behind < 3; behind++) {
      one.socket.write(
        `POST /api/v1/runs/r/log HTTP/1.1\r\nHost: localhost\r\n${headers(WRITER, 32 * MB).join('\r\n')}\r\n\r\n${body}`,
      );
    }
    await sleep(10);
    one.socket.destroy();
  }
  await sleep(300);
  const rows = Array.from({ length: 1_000 }, (_, i) => [i, 'y'.repeat(1_000)]);
  expect((await log('r', [{ step: 9, tables: { u: { columns: ['i', 'text'], rows } } }])).status).toBe(200);
});

it('unread exports keep no export waiting, of nobody', async () => {
  const ticket = async (token: string) => {
    const made = await store.call('POST', '/api/v1/export', { runs: ['r'], table: 't', format: 'jsonl' }, as(token));
    return `/api/v1${(made.json as { path: string }).path}`;
  };
  const path = await ticket('reader');
  const unread = Array.from({ length: 12 }, () => {
    const one = raw(`GET ${path}`, [READER]);
    one.socket.pause();
    return one;
  });
  const lines = async (path: string, token: string) => {
    const { status, text } = await store.call('GET', path, undefined, as(token));
    return status === 200 ? text.split('\n').length : status;
  };
  expect(await lines(await ticket('writer'), 'writer')).toBe(4_001);
  // Who shares the token waits for two seconds at the most.
  await expect.poll(() => lines(path, 'reader'), { interval: 500 }).toBe(4_001);
  expect(unread).toHaveLength(12);
  await expectLogging(3);
});

it('many connections, slow heads, long heads and many requests on one connection keep nobody waiting', async () => {
  for (let i = 0; i < 1_500; i++) {
    const one = raw('GET /api/v1/health', []);
    one.socket.write('GET /api/v1/hea');
  }
  await sleep(500);
  await expectLogging(3);
  const piled = raw('POST /api/v1/query/rows', headers(READER, 2 * MB), '{');
  piled.socket.write(' '.repeat(2 * MB - 1));
  const head = `GET /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n${READER}\r\n\r\n`;
  const many = raw('GET /api/v1/runs', [READER], head.repeat(500));
  await many.status;
  await sleep(1_000);
  expect(many.text().match(/HTTP\/1\.1 429/g)?.length).toBeGreaterThan(100);
  expect(await raw('GET /api/v1/runs', [`X: ${'a'.repeat(70_000)}`]).status).toBe(400);
  await expectLogging(3);
});
