import { readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { machine } from './machine';
import { type StartedStore, startStore } from './startStore';

/** W&B clients that send a line of history every second (they send at most every 15 s), beside dashboards that refresh. */
const CLIENTS = 200;
const METRICS = 50;
const SECONDS = 20;
const DASHBOARDS = 5;
/** A table that grows by a row and is logged anew as a whole, so many times. */
const RELOGS = 1_000;
const ROW_CHARS = 500;
/** A line that is not answered when the next is due. */
const WAIT_MS = 1_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function send(method: string, url: string, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const call = request(url, { method, headers, agent }, (answer) => {
      let received = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        received += piece;
      });
      answer.on('end', () => {
        if (answer.statusCode === 200) {
          resolve(received);
        } else {
          reject(new Error(`${method} ${url}: ${answer.statusCode} ${received}`));
        }
      });
    });
    call.on('error', reject).end(text);
  });
}

const v1 = (store: StartedStore, path: string, body: unknown, method = 'POST') =>
  send(method, `${store.url}/api/v1${path}`, JSON.stringify(body));
const print = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(1)} ms`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const quantile = (sorted: number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

/** Begins a run as a client does. */
async function begin(store: StartedStore, run: string): Promise<void> {
  const query = 'mutation UpsertBucket { upsertBucket { bucket { id } } }';
  for (const variables of [{ host: 'gpu-1' }, {}]) {
    const call = { query, variables: { name: run, project: 'bench', ...variables } };
    await send('POST', `${store.url}/graphql`, JSON.stringify(call));
  }
}

const metrics = (step: number) =>
  Array.from({ length: METRICS }, (_, i): [string, number] => [`m/${i}`, Math.sin(step + i)]);

function streamLine(store: StartedStore, run: string, step: number, values: object): Promise<string> {
  const line = JSON.stringify({ _step: step, _runtime: step, _timestamp: Date.now() / 1_000, ...values });
  const files = {
    'wandb-history.jsonl': { offset: step, content: [line] },
    'wandb-summary.json': { offset: 0, content: [line] },
  };
  return send('POST', `${store.url}/files/e/bench/${run}/file_stream`, JSON.stringify({ files }));
}

/** Every client writes once a second, spread over the second, beside dashboards that read charts of 20 runs. */
async function load(store: StartedStore, write: (client: number, step: number) => Promise<unknown>) {
  const start = performance.now() + 100;
  const latencies: number[] = [];
  const reads: number[] = [];
  let over = false;
  const dashboards = Array.from({ length: DASHBOARDS }, async (_, i) => {
    const runs = Array.from({ length: 20 }, (_, j) => `run-${(i * 20 + j) % CLIENTS}`);
    while (!over) {
      const began = performance.now();
      await v1(store, '/query/metrics', { runs, metrics: ['m/1', 'm/2'], maxPoints: 1_000 }).catch(() => undefined);
      reads.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  });
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let step = 0; step < SECONDS; step++) {
      const due = start + 1_000 * (step + client / CLIENTS);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await write(client, step);
      latencies.push(performance.now() - due);
    }
  });
  await Promise.all(clients);
  over = true;
  await Promise.all(dashboards);
  return { latencies: latencies.sort((a, b) => a - b), reads: reads.sort((a, b) => a - b) };
}

const row = (i: number) => [
  i,
  `row ${i} `.repeat(ROW_CHARS).slice(0, ROW_CHARS - 8) + String(i).padStart(8, '0'),
  i / 7,
];
const columns = ['n', 'text', 'reward'];

/** Logs a growing table as a client does, all of it each time. Returns the bytes that were sent. */
async function relog(store: StartedStore): Promise<number> {
  await begin(store, 'grows');
  const rows: string[] = [];
  let sent = 0;
  for (let i = 0; i < RELOGS; i++) {
    rows.push(JSON.stringify(row(i)));
    const path = `media/table/t_${i}.table.json`;
    const query = 'mutation CreateRunFiles { createRunFiles { files { uploadUrl } } }';
    const call = { query, variables: { project: 'bench', run: 'grows', files: [path] } };
    const answer = JSON.parse(await send('POST', `${store.url}/graphql`, JSON.stringify(call)));
    const body = `{"columns": ${JSON.stringify(columns)}, "data": [${rows.join(', ')}]}`;
    await send('PUT', answer.data.createRunFiles.files[0].uploadUrl, body);
    await streamLine(store, 'grows', i, { samples: { _type: 'table-file', path } });
    sent += body.length;
  }
  return sent;
}

async function folderBytes(store: StartedStore): Promise<number> {
  const files = readdirSync(store.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

const rowsOf = async (store: StartedStore) =>
  (JSON.parse(await v1(store, '/query/rows', { runs: ['grows'], table: 'samples', limit: 1 })) as { total: number })
    .total;

/** The size of a store's folder after `work`, once it changes no more. */
async function measureSize(work: (store: StartedStore) => Promise<void>): Promise<number> {
  const store = await startStore();
  await work(store);
  for (let before = -1, now = await folderBytes(store); now !== before; ) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    now = await folderBytes(store);
  }
  const bytes = await folderBytes(store);
  await store.stop();
  return bytes;
}

print(machine());
const store = await startStore();
let failed = false;
try {
  for (let i = 0; i < CLIENTS; i++) {
    await begin(store, `run-${i}`);
    await v1(store, `/runs/plain-${i}`, { project: 'bench' }, 'PUT');
  }
  const plain = await load(store, (client, step) =>
    v1(store, `/runs/plain-${client}/log`, {
      batchId: `${step}`,
      entries: [{ step, metrics: Object.fromEntries(metrics(step)) }],
    }),
  );
  const wire = await load(store, (client, step) =>
    streamLine(store, `run-${client}`, step, Object.fromEntries(metrics(step))),
  );
  const show = ({ latencies, reads }: typeof wire) =>
    `p50 ${ms(quantile(latencies, 0.5))}  p99 ${ms(quantile(latencies, 0.99))}  max ${ms(latencies.at(-1) ?? 0)}` +
    `  dashboards p99 ${ms(quantile(reads, 0.99))}`;
  print(
    `${CLIENTS} clients x ${METRICS} metrics x 1/s for ${SECONDS} s beside ${DASHBOARDS} dashboards, acknowledged durably:`,
  );
  print(`  W&B's file stream  ${show(wire)}`);
  print(`  baseline           ${show(plain)}  (the store's own log call)`);
  const late = wire.latencies.filter((one) => one > WAIT_MS).length;
  print(`  lines that were not answered when the client's next was due: ${late} of ${wire.latencies.length}`);
  const list = JSON.parse(
    await v1(store, '/query/metric-list', { runs: { where: [{ column: 'id', op: 'matches', value: '^run-' }] } }),
  ) as { metrics: Array<{ points: number }> };
  const points = list.metrics.reduce((sum, metric) => sum + metric.points, 0);
  print(`  points ${points} of ${CLIENTS * METRICS * SECONDS}`);

  let sent = 0;
  let rows = 0;
  let seconds = 0;
  const relogged = await measureSize(async (one) => {
    const began = performance.now();
    sent = await relog(one);
    seconds = (performance.now() - began) / 1_000;
    rows = await rowsOf(one);
  });
  const once = await measureSize(async (one) => {
    await begin(one, 'grows');
    const entry = (i: number) => ({ step: i, tables: { samples: { columns, rows: [row(i)] } } });
    await v1(one, '/runs/grows/log', { entries: Array.from({ length: RELOGS }, (_, i) => entry(i)) });
  });
  print(`a table of ${RELOGS} rows, logged anew ${RELOGS} times as it grew:`);
  print(
    `  ${megabytes(sent)} were sent in ${seconds.toFixed(0)} s (${(sent / 1e6 / seconds).toFixed(0)} MB/s), ${rows} rows stored`,
  );
  print(`  ${megabytes(relogged)} on disk; baseline ${megabytes(once)}: the same rows logged once`);

  const gates = {
    'every point is there': points === CLIENTS * METRICS * SECONDS,
    'no client waited': late === 0,
    'p99 is within 10 times the log call':
      quantile(wire.latencies, 0.99) < Math.max(500, 10 * quantile(plain.latencies, 0.99)),
    'every row is there once': rows === RELOGS,
    'a table logged anew takes at most 3 times what it takes once': relogged < 3 * once,
  };
  for (const [gate, holds] of Object.entries(gates)) {
    print(`${holds ? 'ok  ' : 'FAIL'} ${gate}`);
    failed ||= !holds;
  }
} finally {
  agent.destroy();
  await store.stop();
}
process.exitCode = failed ? 1 : 0;
