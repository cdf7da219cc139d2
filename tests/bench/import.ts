import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../processes/startProcess';
import { machine } from './machine';
import { startStore } from './startStore';

/** Megabytes of rollout dumps; the goal speaks of 1,000, which takes half a minute and a gigabyte of disk twice. */
const MEGABYTES = Number(process.env.BENCH_MB ?? 200);
const GOAL = 30;
/** Rollouts of a step, and characters of a prompt and of a response. */
const ROLLOUTS = 256;
const PROMPT = 2_000;
const RESPONSE = 10_000;
const EACH = 12_300;

const bin = fileURLToPath(new URL('../../store/bin/rolloscope-store.js', import.meta.url));
const print = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** Resident memory of a process, in bytes; 0 where the system does not tell. */
function memoryOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  const match = existsSync(status) ? /VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8')) : null;
  return match ? Number(match[1]) * 1024 : 0;
}

/** Text that compresses like prose: words of a small vocabulary, never the same twice. */
function prose(seed: number, chars: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < chars) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${(state % 4_096).toString(36)}ing${state % 11 === 0 ? '.\n' : ' '}`;
  }
  return text.slice(0, chars);
}

/** Dumps as verl writes them; resolves with their bytes and rows. */
async function writeDumps(folder: string): Promise<{ bytes: number; rows: number; files: string[] }> {
  await mkdir(join(folder, 'rollouts'), { recursive: true });
  const files: string[] = [];
  let [bytes, rows] = [0, 0];
  for (let step = 1; bytes < MEGABYTES * 1e6; step++) {
    const dump = Array.from({ length: Math.min(ROLLOUTS, Math.ceil((MEGABYTES * 1e6 - bytes) / EACH)) }, (_, i) => {
      const n = step * ROLLOUTS + i;
      const input = prose(step * 31 + (i >> 3), PROMPT);
      const output = prose(n, RESPONSE);
      return `${JSON.stringify({ input, output, gts: String(n % 97), score: Math.cos(n), step, acc: n % 3 === 0 })}\n`;
    });
    const file = join(folder, 'rollouts', `${step}.jsonl`);
    await writeFile(file, dump.join(''));
    files.push(file);
    rows += dump.length;
    bytes += dump.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  }
  return { bytes, rows, files };
}

/** The baseline: every line read and parsed, and nothing done with it. */
async function parseAll(files: string[]): Promise<number> {
  const begin = performance.now();
  let rows = 0;
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      rows += (JSON.parse(line) as { step: number }).step > 0 ? 1 : 0;
    }
  }
  return (performance.now() - begin) / 1_000 + (rows < 0 ? 1 : 0);
}

async function runImport(args: string[], onTick: (pid: number | undefined) => void): Promise<number> {
  const begin = performance.now();
  const importer = startProcess(process.execPath, [bin, 'import', ...args]);
  const timer = setInterval(() => onTick(importer.process.pid), 100);
  const code = await importer.ended;
  clearInterval(timer);
  if (code !== 0) {
    throw new Error(`The import ended with ${code}:\n${importer.output()}`);
  }
  return (performance.now() - begin) / 1_000;
}

const folder = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
const store = await startStore();
let failed = false;
try {
  print(machine());
  const { bytes, rows, files } = await writeDumps(join(folder, 'run'));
  const parse = await parseAll(files);
  const memory: { importer: number; store: number }[] = [];
  const args = [join(folder, 'run'), '--project', 'bench', '--url', store.url, '--state', join(folder, 'state')];
  const seconds = await runImport(args, (pid) =>
    memory.push({ importer: memoryOf(pid), store: memoryOf(store.process.pid) }),
  );
  const again = await runImport(args, () => {});
  const speed = bytes / 1e6 / seconds;
  print(`${megabytes(bytes)} of rollout dumps (${rows} rows of 12 KB in ${files.length} files):`);
  print(`  import    ${speed.toFixed(0)} MB/s, ${seconds.toFixed(1)} s, durable and searchable`);
  print(
    `  baseline  ${(bytes / 1e6 / parse).toFixed(0)} MB/s to read and parse the lines only: ${(seconds / parse).toFixed(1)} times as fast`,
  );
  print(`  again     ${again.toFixed(1)} s to see that there is nothing new`);
  print(`  goal ${GOAL} MB/s: ${speed >= GOAL ? 'met' : 'missed'}`);
  const half = Math.floor(memory.length / 2);
  const peak = (part: typeof memory, of: 'importer' | 'store') => Math.max(0, ...part.map((one) => one[of]));
  for (const of of ['importer', 'store'] as const) {
    const [first, second] = [peak(memory.slice(0, half), of), peak(memory.slice(half), of)];
    print(`  memory of the ${of}: at most ${megabytes(first)} in the first half, ${megabytes(second)} in the second`);
  }
  const answer = await fetch(`${store.url}/api/v1/query/rows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runs: ['run'], table: 'rollouts', limit: 1 }),
  });
  const { total } = (await answer.json()) as { total: number };
  const gates = {
    'every row is there, once': total === rows,
    'memory of the importer is flat':
      peak(memory.slice(half), 'importer') < peak(memory.slice(0, half), 'importer') * 1.3,
    'importing again is quicker than importing': again < seconds,
  };
  for (const [gate, holds] of Object.entries(gates)) {
    print(`${holds ? 'ok  ' : 'FAIL'} ${gate}`);
    failed ||= !holds;
  }
} finally {
  await store.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
