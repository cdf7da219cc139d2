import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { note } from './figures';
import { machine } from './machine';
import { vitalsOf } from './processVitals';
import { StoreClient } from './StoreClient';
import { prose } from './soakLoad';
import { startStore } from './startStore';

/*
 * `npm run bench memory`: what a store takes that holds a million rollouts of 2 KB, right after they were logged, at rest
 * and while all of them are exported: as logged, ordered by reward, and eight times at once. BENCH_ROWS sets another number.
 */

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const ROWS_A_CALL = 2_000;
/** Bytes of memory that a store stays within, exports included. */
const BOUND = 1.5 * 2 ** 30;
const REST_MS = 15_000;
const AT_ONCE = 8;
const ORDERED = { orderBy: [{ column: 'reward', direction: 'desc' }] };

const print = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

interface Taken {
  /** Most bytes of resident memory meanwhile. */
  memory: number;
  bytes: number;
  lines: number;
  seconds: number;
}

/** Takes a download to its end, into a file where one is named. */
async function take(url: string, path?: string): Promise<{ bytes: number; lines: number }> {
  let [bytes, lines] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    get(url, (answer) => {
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length;
        for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) {
          lines++;
        }
      });
      const taken = path === undefined ? wait(0) : pipeline(answer, createWriteStream(path));
      answer.on('error', reject);
      answer.on('end', () => taken.then(() => resolve(), reject));
    }).on('error', reject);
  });
  return { bytes, lines };
}

print(machine());
const store = await startStore();
const client = new StoreClient(store.url);
const file = join(tmpdir(), `rolloscope-bench-${process.pid}`);
const memory = () => vitalsOf(store.process.pid, store.data).memory;

/** The most memory that the store takes while something happens. */
async function most(happen: () => Promise<unknown>): Promise<number> {
  let peak = memory();
  const watch = setInterval(() => {
    peak = Math.max(peak, memory());
  }, 50);
  await happen().finally(() => clearInterval(watch));
  return Math.max(peak, memory());
}

async function log(): Promise<void> {
  await client.call('PUT', '/runs/big', { project: 'bench' });
  const columns = ['prompt', 'response', 'reward', 'correct'];
  for (let step = 0; step < ROWS / ROWS_A_CALL; step++) {
    const rows = Array.from({ length: ROWS_A_CALL }, (_, i) => {
      const n = step * ROWS_A_CALL + i;
      return [prose(n >> 3, 300), prose(n, 1_700), Math.cos(n), n % 3 === 0];
    });
    await client.call('POST', '/runs/big/log', { entries: [{ step, tables: { rollouts: { columns, rows } } }] });
  }
}

async function exportAll(count: number, asked: Record<string, unknown>, path?: string): Promise<Taken> {
  const begin = performance.now();
  let taken: Array<{ bytes: number; lines: number }> = [];
  const peak = await most(async () => {
    const selection = { runs: ['big'], table: 'rollouts', format: 'jsonl', ...asked };
    const exports = Array.from({ length: count }, async () => {
      const { path: download } = await client.call<{ path: string }>('POST', '/export', selection);
      return take(`${store.url}/api/v1${download}`, path);
    });
    taken = await Promise.all(exports);
  });
  const sum = (of: 'bytes' | 'lines') => taken.reduce((all, one) => all + one[of], 0);
  return { memory: peak, bytes: sum('bytes'), lines: sum('lines'), seconds: (performance.now() - begin) / 1_000 };
}

let failed = false;
try {
  const logged = await most(log);
  print(
    `${ROWS} rollouts of 2 KB logged: at most ${megabytes(logged)}, ${megabytes(vitalsOf(store.process.pid, store.data).disk)} on disk`,
  );
  await wait(REST_MS);
  const rest = memory();
  print(`at rest after ${REST_MS / 1_000} s: ${megabytes(rest)}`);
  const plain = await exportAll(1, {}, file);
  const begin = performance.now();
  await pipeline(createReadStream(file), createWriteStream(`${file}.copy`));
  const copied = (performance.now() - begin) / 1_000;
  const ordered = await exportAll(1, ORDERED);
  note('memoryAtRest', {
    value: rest / 2 ** 20,
    baseline: { name: 'while they were logged', value: logged / 2 ** 20 },
  });
  note('memoryOfExport', { value: plain.memory / 2 ** 20, baseline: { name: 'at rest', value: rest / 2 ** 20 } });
  note('rateOfExport', {
    value: plain.bytes / 1e6 / plain.seconds,
    baseline: { name: 'a copy of its file', value: plain.bytes / 1e6 / copied },
  });
  const many = await exportAll(AT_ONCE, { ...ORDERED, steps: { from: 0, to: 99 } });
  const kinds: Array<[string, Taken]> = [
    ['as logged, into a file', plain],
    ['ordered by reward', ordered],
    [`${AT_ONCE} at once, ordered, of the first 100 steps`, many],
  ];
  for (const [kind, { memory: peak, bytes, seconds }] of kinds) {
    print(
      `export ${kind}: ${megabytes(bytes)} at ${Math.round(bytes / 1e6 / seconds)} MB/s, at most ${megabytes(peak)}`,
    );
  }
  print(`  as logged takes ${(plain.seconds / copied).toFixed(1)} times as long as a copy of its file`);
  const gates = {
    'memory stays within 1.5 GB': Math.max(logged, rest, ...kinds.map(([, taken]) => taken.memory)) <= BOUND,
    'every row is exported': plain.lines === ROWS && ordered.lines === ROWS,
  };
  for (const [gate, holds] of Object.entries(gates)) {
    print(`${holds ? 'ok  ' : 'FAIL'} ${gate}`);
    failed ||= !holds;
  }
} finally {
  client.close();
  await store.stop();
  await Promise.all([file, `${file}.copy`].map((path) => rm(path, { force: true })));
}
process.exit(failed ? 1 : 0);
