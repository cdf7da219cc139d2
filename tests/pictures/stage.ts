import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { createPreview } from '../../preview/server';
import { launchChromium } from '../browser/chromium';
import { startStore } from '../browser/harness';
import { writeDashboards } from '../browser/panelDashboard';
import { DASHBOARDS } from './dashboards';
import { startPrometheus } from './gpus';
import { type Grafana, openGrafana } from './grafana';
import { logRollouts } from './rollouts';
import { logSweep, trainDemo } from './runs';

export interface Stage {
  browser: Browser;
  storeUrl: string;
  previewUrl: string;
  /** Where a real Grafana was named. */
  grafana?: Grafana;
  stop(): Promise<void>;
}

const provisioned = fileURLToPath(new URL('../../provisioning/dashboards', import.meta.url));

/** The built store with all runs of the pictures, the preview, a browser, and the Grafana at `grafanaUrl` made to show the same. */
export async function startStage(grafanaUrl: string | undefined): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) {
      await one();
    }
  };
  try {
    const store = await startStore();
    stops.push(() => store.stop());
    await logRollouts(store.url);
    await logSweep(store.url);
    await trainDemo(store.url);
    const dashboards = await allDashboards();
    stops.push(() => rm(dashboards, { recursive: true, force: true }));
    const source = { type: 'rolloscope-runs-datasource', url: store.url, name: 'Run store' };
    const dataSources = [
      { ...source, uid: 'rolloscope', isDefault: true },
      { ...source, uid: 'store' },
    ];
    const preview = await createPreview({ dashboards, dataSources });
    stops.push(() => preview.close());
    const previewUrl = await preview.listen({ host: '127.0.0.1', port: 0 });
    const browser = await launchChromium();
    stops.push(() => browser.close());
    const stage = { browser, storeUrl: store.url, previewUrl, stop };
    if (!grafanaUrl) {
      return stage;
    }
    const prometheus = await startPrometheus(store.url);
    stops.push(() => prometheus.stop());
    const grafana = await openGrafana(grafanaUrl, { store: store.url, prometheus: prometheus.url });
    stops.push(() => grafana.close());
    return { ...stage, grafana };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** A folder with the provisioned dashboards and those of the pictures. */
export async function allDashboards(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-pictures-'));
  const own = await writeDashboards(DASHBOARDS);
  for (const from of [provisioned, own]) {
    for (const file of (await readdir(from)).filter((name) => name.endsWith('.json'))) {
      await cp(join(from, file), join(folder, file));
    }
  }
  await rm(own, { recursive: true, force: true });
  return folder;
}

/** A page in English and UTC, of the size of its picture. */
export async function openSized(stage: Stage, width: number, height: number): Promise<Page> {
  const context = await stage.browser.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  return page;
}
