import { gzipSync } from 'node:zlib';
import { LIMITS } from '@rolloscope/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tableValue, WireClient } from '../wandb/WireClient';
import { type AttackedStore, attackedStore } from './attackedStore';
import { LOG_CALLS, logLines } from './largeBodies';
import { rawRequest } from './rawRequest';

vi.setConfig({ testTimeout: 180_000 });
const MB = 2 ** 20;

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => store.expectWell());

const put = (run: string) => store.call('PUT', `/api/v1/runs/${run}`, { project: 'p' });
const rowsOf = async (run: string, table: string) => {
  const { json } = await store.call('POST', '/api/v1/query/rows', { runs: [run], table, limit: 1, preview: 10 });
  return (json as { total?: number }).total ?? 0;
};

describe('a body as large as it may be is taken, and keeps nobody waiting', () => {
  it.each(Object.entries(LOG_CALLS))('a log call full of %s', async (what, body) => {
    const run = what.replaceAll(' ', '-');
    await put(run);
    const text = body();
    expect(Buffer.byteLength(text)).toBeGreaterThan(LIMITS.bodyBytes - 3 * MB);
    const { status, text: answer } = await store.call('POST', `/api/v1/runs/${run}/log`, text);
    expect([status, answer]).toEqual([200, expect.stringContaining('accepted')]);
  });

  it('a log call of lines', async () => {
    await put('lines');
    const lines = logLines();
    const type = { 'content-type': 'application/x-ndjson' };
    const { status, text } = await store.call('POST', '/api/v1/runs/lines/log', lines, type);
    expect([status, text]).toEqual([200, '{"accepted":10000}']);
    expect(await rowsOf('lines', 't')).toBe(10_000);
  });

  it('a call of W&B’s file stream', async () => {
    const client = new WireClient(store.url, 'p', 'stream');
    await client.begin();
    const line = JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`grad/layer.${i}`, i / 7])));
    const lines = Array.from(
      { length: Math.floor((LIMITS.bodyBytes - 200) / (JSON.stringify(line).length + 1)) },
      () => line,
    );
    await client.history(0, lines);
  });

  it('a table file of W&B', async () => {
    const client = new WireClient(store.url, 'p', 'file');
    await client.begin();
    const path = 'media/table/t.table.json';
    await client.history(0, [JSON.stringify({ t: tableValue(path) })]);
    const data = Array.from({ length: 16_000 }, (_, i) => [i, `p${i} ${'x'.repeat(1_000)}`, 'é\n"y"'.repeat(500)]);
    await client.uploadTable(path, ['i', 'prompt', 'response'], data);
    expect(await rowsOf('file', 't')).toBe(16_000);
  });

  it('a batch of MLflow', async () => {
    const made = await store.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
    const { run_id } = (made.json as { run: { info: { run_id: string } } }).run.info;
    const metrics = Array.from({ length: 10_000 }, (_, i) => ({ key: `m${i % 100}`, value: i, step: i, timestamp: i }));
    const params = Array.from({ length: 10_000 }, (_, i) => ({ key: `p${i}`, value: 'x'.repeat(3_000) }));
    const { status, text } = await store.call('POST', '/api/2.0/mlflow/runs/log-batch', {
      run_id,
      metrics,
      params,
    });
    expect([status, text]).toEqual([200, '{}']);
  });

  it('a call of trackio', async () => {
    const log = (i: number) => ({
      project: 'p',
      run: 'k',
      metrics: Object.fromEntries(Array.from({ length: 240 }, (_, j) => [`loss/${j}`, i / 7])),
      step: i,
      log_id: `l${i}`,
    });
    const logs = Array.from({ length: 10_000 }, (_, i) => log(i));
    const { status, text } = await store.call('POST', '/api/bulk_log', { args: [], kwargs: { logs } });
    expect([status, text]).toEqual([200, '{"data":null}']);
  });
});

describe('a body that is longer by one byte is refused by the limit’s name, and nothing of it is kept', () => {
  const good = JSON.stringify({ entries: [{ step: 1, metrics: { kept: 1 } }] });
  const PLACES: Array<[what: string, line: string, limit: number, named: string, body: string]> = [
    ['a log call', 'POST /api/v1/runs/none/log', LIMITS.bodyBytes, 'bodyBytes', good],
    ['a run', 'PUT /api/v1/runs/new', LIMITS.runBytes, 'runBytes', '{"project":"p"}'],
    ['a query', 'POST /api/v1/query/runs', LIMITS.queryBytes, 'queryBytes', '{}'],
    ['W&B', 'POST /graphql', LIMITS.bodyBytes, 'bodyBytes', '{"query":"query Viewer { viewer }"}'],
    ['W&B’s file stream', 'POST /files/e/p/stream/file_stream', LIMITS.bodyBytes, 'bodyBytes', '{}'],
    ['MLflow', 'POST /api/2.0/mlflow/runs/create', LIMITS.bodyBytes, 'bodyBytes', '{"experiment_id":"0"}'],
    [
      'trackio',
      'POST /api/bulk_log',
      128 * MB,
      'the bytes of a call',
      '{"args":[],"kwargs":{"logs":[{"project":"p","run":"new","metrics":{"m":1}}]}}',
    ],
    ['OpenTSDB', 'POST /opentsdb/api/query', 256 * 1024, 'limit of 262144 bytes', '{"start":0,"queries":[]}'],
  ];
  const JSON_BODY = 'Content-Type: application/json';

  beforeAll(async () => {
    await put('none');
  });

  it.each(PLACES)('%s', async (_what, line, limit, named, body) => {
    const before = await store.call('GET', '/api/v1/runs?limit=1000');
    const whole = body + ' '.repeat(limit + 1 - body.length);
    const zipped = gzipSync(whole, { level: 1 });
    const framed = `${(limit + 1).toString(16)}\r\n${whole}\r\n0\r\n\r\n`;
    for (const [headers, sent] of [
      [[`Content-Length: ${limit + 1}`], ''],
      [['Transfer-Encoding: chunked'], framed],
      [['Content-Encoding: gzip', `Content-Length: ${zipped.length}`], zipped],
    ] as const) {
      const one = rawRequest(store.url, line, [JSON_BODY, ...headers]);
      one.socket.write(sent);
      expect(await one.status).toBe(413);
      await expect.poll(one.text).toContain(named);
      one.socket.destroy();
    }
    const after = await store.call('GET', '/api/v1/runs?limit=1000');
    expect(after.json).toEqual(before.json);
    // By one byte less it is no longer the length that is wrong with it.
    const path = line.split(' ')[1] ?? '';
    const taken = await store.call(line.split(' ')[0] ?? '', path, whole.slice(0, -1));
    expect(taken.status).not.toBe(413);
  });
});
