import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';
import { rawRequest } from './rawRequest';

let open: AttackedStore;
let guarded: AttackedStore;
let ticket: string;
beforeAll(async () => {
  open = await attackedStore();
  guarded = await attackedStore({ args: ['--write-token', 'secret'] });
  await open.call('PUT', '/api/v1/runs/r', { project: 'p' });
  await open.call('POST', '/api/v1/runs/r/log', {
    entries: [{ step: 1, metrics: { m: 1 }, tables: { t: { columns: ['a'], rows: [[1]] } } }],
  });
  const made = await open.call('POST', '/api/v1/export', { runs: ['r'], table: 't', format: 'csv' });
  ticket = `/api/v1${(made.json as { path: string }).path}`;
});
afterAll(async () => {
  await open.stop();
  await guarded.stop();
});

const stream = { files: { 'wandb-history.jsonl': { offset: 0, content: ['{"_step":1,"m":2}'] } } };
const query = {
  start: 0,
  queries: [{ metric: 'm', aggregator: 'sum' }],
};

/** A call of every door that the store has: what it is asked, and the statuses that a program gets. */
const DOORS: Array<[method: string, path: () => string, body: unknown, statuses: number[]]> = [
  ['GET', () => '/api/v1/health', undefined, [200]],
  ['GET', () => '/api/v1/openapi.json', undefined, [200]],
  ['GET', () => '/api/v1/runs', undefined, [200]],
  ['POST', () => '/api/v1/query/metrics', { runs: ['r'], metrics: ['m'] }, [200]],
  ['GET', () => ticket, undefined, [200]],
  ['PUT', () => '/api/v1/runs/new', { project: 'p' }, [200]],
  ['POST', () => '/api/v1/runs/r/log', { entries: [] }, [200]],
  ['POST', () => '/api/v1/runs/r/finish', undefined, [200]],
  ['OPTIONS', () => '/api/v1/runs/r/log', undefined, [204]],
  ['GET', () => '/metrics', undefined, [200]],
  ['POST', () => '/opentsdb/api/query', query, [200]],
  ['GET', () => '/opentsdb/api/suggest?type=metrics', undefined, [200]],
  ['POST', () => '/graphql', { query: 'query Viewer { viewer { entity } }' }, [200]],
  ['POST', () => '/files/e/p/r/file_stream', stream, [200]],
  ['PUT', () => '/wandb/uploads/forged.ticket', 'x', [403]],
  ['POST', () => '/api/2.0/mlflow/experiments/search', {}, [200]],
  ['GET', () => '/api/2.0/mlflow/experiments/get?experiment_id=0', undefined, [200]],
  ['PUT', () => '/api/2.0/mlflow-artifacts/artifacts/none/t.json', {}, [404]],
  ['GET', () => '/version', undefined, [200]],
  ['POST', () => '/api/bulk_log', { args: [], kwargs: { logs: [] } }, [200]],
  ['POST', () => '/api/upload', 'x', [200]],
  ['GET', () => '/no/such/path', undefined, [404]],
];

/** What a page of another origin can make a browser send, by the headers that it cannot leave out. */
const PAGES = {
  'fetch of a page elsewhere': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  'a fetch of a browser without Sec-Fetch': { origin: 'https://evil.example' },
  'an image or a script of a page elsewhere': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  'another port of this machine': { 'sec-fetch-site': 'same-site' },
  'a sandboxed frame': { origin: 'null', 'sec-fetch-site': 'cross-site' },
};

describe('a store without tokens', () => {
  it.each(DOORS)('%s %s answers programs, and no page of another origin', async (method, path, body, statuses) => {
    for (const [page, headers] of Object.entries(PAGES)) {
      const { status, text } = await open.call(method, path(), body, headers);
      expect([page, status], text).toEqual([page, 403]);
      expect(text).toMatch(/another origin/);
    }
    const program = await open.call(method, path(), body);
    expect(statuses, program.text).toContain(program.status);
  });

  it.each(DOORS.filter(([method, , body]) => method === 'GET' && body === undefined))(
    '%s %s opens from the address bar, and through the proxy that a page of its own origin asks',
    async (method, path, body, statuses) => {
      for (const site of ['none', 'same-origin']) {
        const answer = await open.call(method, path(), body, { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' });
        expect(statuses, answer.text).toContain(answer.status);
        expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      }
    },
  );

  it.each([
    ['/graphql', { query: 'mutation UpsertBucket { a }', variables: { name: 'forged' } }],
    ['/files/e/p/r/file_stream', stream],
    ['/api/2.0/mlflow/runs/create', { experiment_id: '0' }],
    ['/api/bulk_log', { args: [], kwargs: { logs: [] } }],
    ['/opentsdb/api/query', query],
    ['/api/v1/runs/r/log', { entries: [] }],
  ])('takes JSON at %s as JSON alone, not as what a form may send', async (path, body) => {
    const types = ['text/plain', 'text/plain; application/json', 'application/x-www-form-urlencoded', undefined];
    for (const type of types) {
      const sent = new Blob([JSON.stringify(body)]);
      const answer = await fetch(open.url + path, {
        method: 'POST',
        body: sent,
        headers: type === undefined ? {} : { 'content-type': type },
      });
      expect(answer.status).toBe(415);
      expect(await answer.text()).toMatch(/application\/json/);
    }
  });

  it('refuses before the body comes', async () => {
    const headers = ['Content-Type: application/json', 'Content-Length: 1000000', 'Origin: https://evil.example'];
    const { status, socket } = rawRequest(open.url, 'POST /graphql', headers, '{');
    expect(await status).toBe(403);
    socket.destroy();
  });
});

describe('a store with tokens', () => {
  const bearer = { authorization: 'Bearer secret' };
  const basic = { authorization: `Basic ${Buffer.from('api:secret').toString('base64')}` };

  it('takes a token that a page was given, and no password that a browser adds by itself', async () => {
    for (const path of [
      '/api/v1/runs',
      '/metrics',
      '/opentsdb/api/aggregators',
      '/api/2.0/mlflow/experiments/get?experiment_id=0',
    ]) {
      const page = PAGES['fetch of a page elsewhere'];
      expect((await guarded.call('GET', path, undefined, { ...bearer, ...page })).status, path).toBe(200);
      expect((await guarded.call('GET', path, undefined, { ...basic, ...page })).status, path).toBe(403);
      expect((await guarded.call('GET', path, undefined, basic)).status, path).toBe(200);
    }
    expect((await guarded.call('GET', '/api/v1/health', undefined, PAGES['a sandboxed frame'])).status).toBe(200);
  });
});

it('is none the worse for it', () => {
  open.expectWell();
  guarded.expectWell();
});
