import { expect } from '@playwright/test';
import type { Page } from 'playwright-core';
import { SOURCES } from './grafana';
import type { Picture } from './pictures';
import { LIVE_MS, LIVE_PROJECT, SWEEP_END, SWEEP_START, trainLive } from './runs';
import type { Stage } from './stage';

/** A Grafana on a busy machine takes as long for a page. */
const PATIENCE_MS = 120_000;

/** A provisioned dashboard, without Grafana's own bars around it. */
async function openDashboard(page: Page, { grafana }: Stage, uid: string, query: Record<string, string>): Promise<[]> {
  if (!grafana) {
    throw new Error('E2E_URL names no Grafana.');
  }
  await grafana.signIn(page.context());
  const variables = { 'var-datasource': SOURCES.store, ...query };
  await page.goto(`${grafana.url}/d/rolloscope-${uid}?${new URLSearchParams(variables)}&refresh=1m&theme=dark&kiosk`);
  await page.locator('[data-viz-panel-key]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await expect(page.getByLabel('Panel loading bar')).toHaveCount(0, { timeout: PATIENCE_MS });
  await page.mouse.move(1, 1);
  return [];
}

const grafana = (name: string, width: number, height: number, uid: string, query: Record<string, string>): Picture => ({
  name,
  of: 'grafana',
  width,
  height,
  show: (page, stage) => openDashboard(page, stage, uid, query),
});

const RECENT = { from: 'now-1h', to: 'now' };
const OF_DEMO = { 'var-project': 'word-problems', ...RECENT };
const OF_GPUS = { 'var-prometheus': SOURCES.prometheus };

/** Pictures of whole dashboards, from a real Grafana. */
export const fromGrafana: Picture[] = [
  grafana('seed-picture', 1280, 880, 'seed-picture', { ...OF_DEMO, 'var-run': 'baseline' }),
  grafana('run-overview', 1440, 1150, 'run-overview', {
    ...OF_DEMO,
    'var-run': 'reward-hack',
    'var-baseline': 'baseline',
  }),
  grafana('regression', 1440, 1150, 'regression', {
    ...OF_DEMO,
    'var-run': 'reward-hack',
    'var-reference': '60',
    'var-step': '180',
  }),
  grafana('training-and-gpus', 1400, 1130, 'training-gpus', {
    ...OF_GPUS,
    'var-project': 'gsm8k',
    'var-run': 'qwen2.5-7b-lr1e-6',
    from: String(SWEEP_START),
    to: String(SWEEP_END),
  }),
  {
    name: 'fleet',
    of: 'grafana',
    width: 1400,
    height: 1250,
    async show(page, stage) {
      await trainLive(stage.storeUrl);
      const query = { ...OF_GPUS, 'var-project': LIVE_PROJECT, from: `now-${LIVE_MS / 1_000}s`, to: 'now' };
      return openDashboard(page, stage, 'fleet', query);
    },
  },
];
