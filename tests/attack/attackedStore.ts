import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type StartedStore, type StartOptions, startStore } from '../bench/startStore';

/** Milliseconds for which no request may keep the store's main thread from its next turn. */
export const LOOP_MS = 100;
/**
 * What tests allow: time of the thread is counted, and a machine that is three times as slow as the one that the promise was
 * measured on needs three times as much; that, and a full collection of garbage, are no fault of a request.
 */
const LOOP_GATE_MS = 3 * LOOP_MS;
/** Bytes of resident memory that the store stays within, whatever it is asked. */
export const MEMORY_BYTES = 1.5 * 2 ** 30;
/** Milliseconds between two looks at `/health`. */
const LOOK_MS = 50;
/** Milliseconds within which `/health` answers, on a machine that others use too. */
const HEALTH_MS = 6_000;

/** Milliseconds after which the probe has seen that its file is gone. */
const RESET_MS = 250;

const probe = fileURLToPath(new URL('./loopProbe.cjs', import.meta.url));

export interface Vitals {
  /** The longest time in milliseconds for which the main thread did not get to its next turn. */
  longest: number;
  /** Bytes of resident memory, at the most. */
  mostRss: number;
  /** The slowest answer of `/health`, in milliseconds; it was asked all along. */
  slowestHealth: number;
  /** Looks at `/health` that brought no 200. */
  failures: number;
}

export interface AttackedStore extends StartedStore {
  /** A call with JSON, or with a body as it is; never throws for a status. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  vitals(): Vitals;
  /** Begins the vitals anew: what was before, such as the start, does not count. */
  reset(): Promise<void>;
  /** Expects what holds whatever the store is asked: alive, healthy, never blocked, within its memory. */
  expectWell(bounds?: { loop?: number; memory?: number }): void;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or undefined. */
  json: unknown;
}

/** The built store as a process of its own, watched from within and without while a test attacks it. */
export async function attackedStore(options: StartOptions = {}): Promise<AttackedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'rolloscope-probe-'));
  const file = join(folder, 'vitals.json');
  const store = await startStore({
    ...options,
    env: { ...options.env, NODE_OPTIONS: `--require "${probe}"`, ROLLOSCOPE_PROBE: file },
  });
  let slowestHealth = 0;
  let failures = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const begin = performance.now();
      const look = () => fetch(`${store.url}/api/v1/health`).catch(() => undefined);
      // A connection that was kept may have been given to somebody else; then a client makes another one.
      const answer = (await look()) ?? (await look());
      await answer?.arrayBuffer().catch(() => undefined);
      if (watching) {
        slowestHealth = Math.max(slowestHealth, performance.now() - begin);
        failures += answer?.ok ? 0 : 1;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  const end = async () => {
    watching = false;
    await watch;
  };
  const vitals = (): Vitals => {
    const { longest, mostRss } = readVitals(file);
    return { longest, mostRss, slowestHealth, failures };
  };
  const reset = async () => {
    rmSync(file, { force: true });
    await new Promise((resolve) => setTimeout(resolve, RESET_MS));
    slowestHealth = 0;
    failures = 0;
  };
  await reset();
  return {
    ...store,
    vitals,
    reset,
    async call(method, path, body, headers = {}) {
      const isPlain = typeof body === 'string' || body instanceof Uint8Array;
      const answer = await fetch(`${store.url}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: isPlain ? (body as BodyInit) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
    },
    expectWell({ loop = LOOP_GATE_MS, memory = MEMORY_BYTES } = {}) {
      const seen = vitals();
      expect(store.process.exitCode, `the store ended: ${store.stderr()}`).toBeNull();
      expect(seen.failures, 'looks at /health without an answer').toBe(0);
      expect(seen.longest, 'milliseconds that the event loop was blocked').toBeLessThan(loop);
      expect(seen.slowestHealth, 'milliseconds until /health answered').toBeLessThan(HEALTH_MS);
      expect(seen.mostRss / 2 ** 20, 'MB of memory').toBeLessThan(memory / 2 ** 20);
    },
    async stop() {
      await end();
      const code = await store.stop();
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
    async kill() {
      await end();
      await store.kill();
    },
  };
}

function readVitals(file: string): { longest: number; mostRss: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { longest: 0, mostRss: 0 };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
