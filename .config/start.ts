import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm start`: builds what is missing, then runs the store with a fresh demo beside the preview, until one Ctrl-C.
 * `STORE_PORT` and `PORT` move the two servers; `STORE_DATA` keeps the data in a folder of yours.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const storePort = process.env.STORE_PORT ?? '8900';
const previewPort = process.env.PORT ?? '3000';
const storeUrl = `http://127.0.0.1:${storePort}`;
const previewUrl = `http://localhost:${previewPort}`;

const built = {
  plugin: 'dist/module.js',
  store: 'store/dist/cli.js',
  preview: 'preview/dist/server.js',
  examples: 'examples/dist/demo.js',
};

function buildWhatIsMissing(): void {
  const missing = Object.entries(built).flatMap(([part, file]) => (existsSync(join(root, file)) ? [] : [part]));
  if (missing.length === 0) {
    return;
  }
  console.log(`Building ${missing.join(', ')} (once)…`);
  const { status } = spawnSync('npx', ['tsx', '.config/build.ts', ...missing], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

interface Part {
  name: string;
  process: ChildProcess;
  exited: Promise<void>;
}
const parts: Part[] = [];
let stopping = false;

/** Each part has a process group of its own, so that Ctrl-C reaches this script alone and it ends them in order. */
function run(name: string, args: string[], env: Record<string, string> = {}): void {
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  parts.push({ name, process: child, exited });
  child.once('exit', (code, signal) => {
    if (!stopping) {
      console.error(`The ${name} ended unexpectedly (${signal ?? `exit code ${code}`}).`);
      void stop(1);
    }
  });
}

async function stop(exitCode: number): Promise<void> {
  if (stopping) {
    return;
  }
  stopping = true;
  for (const part of parts.reverse()) {
    part.process.kill('SIGTERM');
    const patience = setTimeout(() => part.process.kill('SIGKILL'), 15_000);
    await part.exited;
    clearTimeout(patience);
  }
  await removeData();
  process.exit(exitCode);
}

async function waitFor(name: string, url: string): Promise<void> {
  const giveUp = Date.now() + 30_000;
  while (Date.now() < giveUp && !stopping) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (!stopping) {
    console.error(`The ${name} did not answer at ${url} within 30 s.`);
    await stop(1);
  }
}

async function refuseBusyPort(name: string, url: string, variable: string): Promise<void> {
  const answer = await fetch(url).catch(() => undefined);
  if (answer) {
    console.error(
      `Something already answers at ${url}. Stop it, or choose another port for the ${name} by ${variable}.`,
    );
    process.exit(1);
  }
}

// npm passes the signal on a second time; `stop` runs once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stop(0));
}

let removeData = async () => {};
await refuseBusyPort('store', storeUrl, 'STORE_PORT');
await refuseBusyPort('preview', previewUrl, 'PORT');
buildWhatIsMissing();

let data = process.env.STORE_DATA;
if (!data) {
  const fresh = await mkdtemp(join(tmpdir(), 'rolloscope-demo-'));
  data = fresh;
  removeData = () => rm(fresh, { recursive: true, force: true });
}
run('store', ['store/bin/rolloscope-store.js', 'serve', '--port', storePort, '--data', data]);
run('preview', [built.preview], { PORT: previewPort, STORE_URL: storeUrl });
await waitFor('store', `${storeUrl}/api/v1/health`);
run('demo', [built.examples, '--url', storeUrl]);
await waitFor('preview', `${previewUrl}/healthz`);
if (!stopping) {
  console.log(`
  Run overview   ${previewUrl}/d/rolloscope-run-overview
  Seed picture   ${previewUrl}/d/rolloscope-seed-picture
  All dashboards ${previewUrl}
  Run store      ${storeUrl}/api/v1/openapi.json

  Four runs train: baseline and reward-hack at full speed, live and agent at a step a second. Ctrl-C ends everything.
`);
}
