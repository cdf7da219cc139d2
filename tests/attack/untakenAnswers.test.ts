import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WireClient as Mlflow } from '../mlflow/WireClient';
import { type AttackedStore, attackedStore } from './attackedStore';
import { heldOf } from './heldOf';
import { type RawRequest, rawRequest } from './rawRequest';

/* Large answers of the protocols that the store speaks beside its own, to clients that take nothing of them. */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Milliseconds within which a taker is ended that takes nothing; and room for a machine in use. */
const IDLE_MS = 30_000 + 60_000;
const METRICS = 60;
const STEPS = 5_000;
const POINTS = 100_000;
const ENTRIES_A_CALL = 10_000;
const NAMES = 20_000;
const RUNS = 3;
/** So long that answers are far more than sockets hold by themselves. */
const long = (name: string) => name.padEnd(200, '_');
const COUNTED = long('loss');

let store: AttackedStore;
let mlflowRun: string;
let tsdbEnd: number;

async function log(run: string, entries: object[]): Promise<void> {
  const { status, text } = await store.call('POST', `/api/v1/runs/${run}/log`, { entries });
  expect([status, text]).toEqual([200, JSON.stringify({ accepted: entries.length })]);
}
const range = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

beforeAll(async () => {
  store = await attackedStore();
  const client = new Mlflow(store.url);
  const begun = Date.now() - POINTS * 1_000;
  tsdbEnd = Date.now();
  mlflowRun = await client.begin('0', { run_name: 'm', start_time: begun });
  const names = range(METRICS).map((i) => long(`layers/${i}/norm`));
  for (let from = 0; from < STEPS; from += 1_000) {
    const metrics = (step: number) => Object.fromEntries(names.map((name, i) => [name, step + i / 7]));
    await log(
      'm',
      range(1_000, from).map((step) => ({ step, time: begun + step * 1_000, metrics: metrics(step) })),
    );
  }
  for (let from = 0; from < POINTS; from += ENTRIES_A_CALL) {
    const steps = range(ENTRIES_A_CALL, from);
    await log(
      'm',
      steps.map((step) => ({ step, time: begun + step * 1_000, metrics: { [COUNTED]: step / 7 } })),
    );
  }
  for (const run of range(RUNS).map((i) => `n${i}`)) {
    await client.begin('0', { run_name: run, start_time: begun });
    await log(run, [{ step: 1, metrics: Object.fromEntries(range(NAMES).map((i) => [long(`${i}`), i])) }]);
  }
  await store.reset();
});
afterAll(() => store.stop());

interface Ask {
  line: string;
  body?: string;
  /** Bytes of the answer, at the least. */
  bytes: number;
}
const page = { project: 'Default', name: 'm', run: 'm', minStep: 0, maxStep: STEPS };
const specs = [JSON.stringify({ keys: [COUNTED], samples: 10_000 }), JSON.stringify({ samples: 2_000 })];
const graphQl = (operation: string, variables: object) => ({
  line: 'POST /graphql',
  body: JSON.stringify({ query: `query ${operation} { project { run { id } } }`, variables }),
});
const ASKS: Record<string, () => Ask> = {
  'a page of W&B history': () => ({ ...graphQl('HistoryPage', page), bytes: 60e6 }),
  'all W&B history': () => ({ ...graphQl('RunFullHistory', { ...page, samples: 5_000 }), bytes: 2e6 }),
  'W&B history by samples': () => ({ ...graphQl('RunSampledHistory', { ...page, specs }), bytes: 10e6 }),
  'W&B runs': () => ({ ...graphQl('Runs', { project: 'Default' }), bytes: 10e6 }),
  'an MLflow search': () => ({
    line: 'POST /api/2.0/mlflow/runs/search',
    body: JSON.stringify({ experiment_ids: ['0'] }),
    bytes: 12e6,
  }),
  'an MLflow history': () => ({
    line: `GET /api/2.0/mlflow/metrics/get-history?${new URLSearchParams({ run_id: mlflowRun, metric_key: COUNTED })}`,
    bytes: 25e6,
  }),
  'an OpenTSDB query': () => ({
    line: 'POST /opentsdb/api/query',
    body: JSON.stringify({
      start: 0,
      end: tsdbEnd,
      msResolution: true,
      queries: Array(15).fill({ metric: COUNTED, aggregator: 'none' }),
    }),
    bytes: 30e6,
  }),
};
/** Bytes that sockets do not hold by themselves. */
const LARGE = 10e6;
const addressOf = (last: number) => `127.0.0.${last}`;

function send({ line, body }: Ask, from: string): RawRequest {
  const headers =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return rawRequest(store.url, line, headers, body, from);
}

/** Takes an answer as fast as it comes: its status, and how many bytes it has. */
async function take({ line, body }: Ask, from: string): Promise<{ status: number | undefined; bytes: number }> {
  const [method, path] = line.split(' ');
  const headers = body !== undefined && {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const options = { method, localAddress: from, agent: false, ...(headers && { headers }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${store.url}${path}`, options, resolve).once('error', reject).end(body);
  });
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
  }
  return { status: answer.statusCode, bytes };
}

it.each(Object.keys(ASKS))('%s keeps nobody waiting while it is made and taken', async (what) => {
  await store.reset();
  const ask = ASKS[what]?.() as Ask;
  const { status, bytes } = await take(ask, addressOf(1));
  expect([what, status]).toEqual([what, 200]);
  expect(bytes).toBeGreaterThan(ask.bytes);
  store.expectWell();
});

it('what untaken answers hold is bounded for each caller, and given back when they go', async () => {
  await store.reset();
  const ask = ASKS['a page of W&B history']?.() as Ask;
  const untaken: RawRequest[] = [];
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) {
    const one = send(ask, addressOf(1));
    statuses.push(await one.status);
    one.socket.pause();
    untaken.push(one);
  }
  expect(new Set(statuses.slice(0, 5))).toEqual(new Set([200]));
  expect(statuses.at(-1)).toBe(429);
  expect((await take(ask, addressOf(2))).status).toBe(200);
  for (const { socket } of untaken) {
    socket.destroy();
  }
  await expect.poll(async () => (await take(ask, addressOf(1))).status).toBe(200);
  store.expectWell();
});

it('who takes nothing is ended, and keeps nobody waiting', async () => {
  await store.reset();
  const asks = Object.values(ASKS)
    .map((one) => one())
    .filter(({ bytes }) => bytes >= LARGE);
  expect(asks.length).toBeGreaterThan(5);
  const untaken = asks.map((ask) => send(ask, addressOf(1)));
  for (const { socket, status } of untaken) {
    expect(await status).toBe(200);
    socket.pause();
  }
  const ports = untaken.map(({ socket }) => socket.localPort ?? 0);
  expect(heldOf(store.url, ports)).toEqual(ports);
  for (const ask of asks) {
    expect((await take(ask, addressOf(2))).status).toBe(200);
  }
  await expect.poll(() => heldOf(store.url, ports), { timeout: IDLE_MS, interval: 1_000 }).toEqual([]);
  store.expectWell();
});
