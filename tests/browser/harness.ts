import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../processes/freePort';
import { startProcess } from '../processes/startProcess';
import { launchChromium } from './chromium';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Server {
  url: string;
  /** Ends it and waits until it has ended; a second call does nothing. */
  stop(): Promise<void>;
}

async function startServer(name: string, args: string[], env: Record<string, string>, health: string): Promise<Server> {
  const server = startProcess(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  const giveUp = Date.now() + 20_000;
  while (!(await fetch(health).catch(() => undefined))?.ok) {
    if (server.process.exitCode !== null || Date.now() > giveUp) {
      await server.kill();
      throw new Error(`The ${name} did not come up:\n${server.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return {
    url: new URL(health).origin,
    async stop() {
      await server.stop();
    },
  };
}

/** The built store on a free port, with a data folder that goes with it. */
export async function startStore(args: string[] = [], port?: number): Promise<Server> {
  const chosen = port ?? (await freePort());
  const data = await mkdtemp(join(tmpdir(), 'rolloscope-test-'));
  const serve = ['store/bin/rolloscope-store.js', 'serve', '--port', String(chosen), '--data', data, ...args];
  const server = await startServer('store', serve, {}, `http://127.0.0.1:${chosen}/api/v1/health`);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The built preview, with the provisioned dashboards, over a store. `base` is another set of Grafana's packages. */
export async function startPreview(storeUrl: string, env: Record<string, string> = {}): Promise<Server> {
  const port = await freePort();
  const all = { PORT: String(port), STORE_URL: storeUrl, ...env };
  return startServer('preview', ['preview/dist/server.js'], all, `http://127.0.0.1:${port}/healthz`);
}

export interface Stack {
  storeUrl: string;
  previewUrl: string;
  browser: Browser;
  stop(): Promise<void>;
}

/** Store, preview and browser: what a browser test needs. */
export async function startStack(): Promise<Stack> {
  const store = await startStore();
  const preview = await startPreview(store.url);
  const browser = await launchChromium();
  return {
    storeUrl: store.url,
    previewUrl: preview.url,
    browser,
    async stop() {
      await browser.close();
      await preview.stop();
      await store.stop();
    },
  };
}

/** A page that collects what went wrong on it: uncaught errors, and requests that left for another machine. */
export async function openPage(
  browser: Browser,
  width = 1440,
  height = 1000,
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height } });
  // Shorter than a test may take, so that what never came is named.
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !['127.0.0.1', 'localhost'].includes(hostname)) {
      faults.push(`request to ${request.url()}`);
    }
  });
  return { page, faults };
}
