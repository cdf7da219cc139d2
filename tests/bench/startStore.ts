import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../processes/freePort';
import { type Started, startProcess } from '../processes/startProcess';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = join(root, 'store/dist/cli.js');

export interface StartedStore {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Its data folder. */
  data: string;
  process: ChildProcess;
  /** Milliseconds from the start of the process to the first answer of `/health`. */
  startedIn: number;
  /** Everything it wrote to stderr so far. */
  stderr(): string;
  /** SIGTERM, and waits; returns the exit code. Removes the data folder unless it was given. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits; the data stays, to start on it again. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** A folder that stays; else a new one is made, and removed by `stop`. */
  data?: string;
  port?: number;
  args?: string[];
  env?: Record<string, string>;
}

/** Starts the built store as a process of its own, on a folder and a port, and does not wait for it. Needs `npm run build`. */
export function spawnStore({ data, port, args = [], env }: StartOptions & { data: string; port: number }): Started {
  if (!existsSync(built)) {
    throw new Error('store/dist/cli.js is missing; run "npm run build" first.');
  }
  const all = [built, 'serve', '--port', String(port), '--data', data, ...args];
  return startProcess(process.execPath, all, { env: { ...process.env, ...env } });
}

/** Starts the built store and waits until it is healthy. */
export async function startStore(options: StartOptions = {}): Promise<StartedStore> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'rolloscope-store-')));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const begin = performance.now();
  const { process: child, stderr, ended } = spawnStore({ ...options, data, port });
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null || performance.now() - begin > 30_000) {
      child.kill('SIGKILL');
      throw new Error(`The store did not become healthy within 30 s. It said:\n${stderr()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  const startedIn = performance.now() - begin;
  return {
    url,
    data,
    process: child,
    startedIn,
    stderr,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (options.data === undefined) {
        await rm(data, { recursive: true, force: true });
      }
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/health`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
