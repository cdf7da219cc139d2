import { expect } from '@playwright/test';
import type { Page } from 'playwright-core';
import type { Picture } from './pictures';
import type { Stage } from './stage';

type Show = Picture['show'];

const go = (page: Page, { previewUrl }: Stage, path: string, theme = 'dark') =>
  page.goto(`${previewUrl}${path}${path.includes('?') ? '&' : '?'}theme=${theme}&refresh=`);

/** Nothing loads any more, and nothing under the mouse shows itself. */
async function settle(page: Page): Promise<void> {
  await page.locator('[data-panel-state]').first().waitFor();
  await expect(page.locator('[data-panel-state="Loading"]')).toHaveCount(0, { timeout: 60_000 });
  await page.mouse.move(1, 1);
}

const panel = (page: Page) => page.locator('[data-panel="panel-1"]');
const lens = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Lenses' }).getByRole('button', { name: new RegExp(`^${name} `) });

/** A panel above its query, as in Grafana's editor. */
const editor =
  (uid: string, more?: (page: Page) => Promise<void>): Show =>
  async (page, stage) => {
    await go(page, stage, `/edit/${uid}/1`);
    await page.getByText('Ask for').waitFor();
    await settle(page);
    await more?.(page);
    return [panel(page), page.getByTestId('query-editors')];
  };

/** A panel of a dashboard alone. */
const alone =
  (uid: string): Show =>
  async (page, stage) => {
    await go(page, stage, `/d/${uid}`);
    await settle(page);
    return [panel(page)];
  };

/** The Rollouts panel alone. */
const table =
  (uid: string, more?: (page: Page) => Promise<void>, theme?: string): Show =>
  async (page, stage) => {
    await go(page, stage, `/d/${uid}`, theme);
    await page.locator('tbody tr[data-row]').first().waitFor();
    await more?.(page);
    await settle(page);
    return [panel(page)];
  };

/** A rollout in the reader, beside the table. */
const reader =
  (uid: string, row: number, more?: (page: Page) => Promise<void>): Show =>
  async (page, stage) => {
    await go(page, stage, `/d/${uid}`);
    await page.locator(`[data-row="${row}"]`).click();
    await page.getByRole('dialog').getByRole('article').first().waitFor();
    await more?.(page);
    await settle(page);
    return [];
  };

const preview = (name: string, width: number, height: number, show: Show, theme?: 'light'): Picture => ({
  name,
  of: 'preview',
  width,
  height,
  ...(theme && { theme }),
  show,
});

/** Pictures that need no Grafana server. */
export const fromPreview: Picture[] = [
  preview('query-builder', 1200, 900, editor('builder')),
  preview('query-code', 1200, 1000, async (page, stage) => {
    await editor('builder')(page, stage);
    await page.getByRole('radio', { name: 'Code' }).click({ force: true });
    await page.getByRole('textbox', { name: 'Query as code' }).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('.');
    await page.getByRole('listbox').waitFor();
    return [page.getByTestId('query-editors'), page.getByRole('listbox')];
  }),
  preview('query-metrics', 1100, 900, editor('metrics')),
  preview('query-rows', 1100, 900, editor('rows')),
  preview('query-groups', 1100, 900, editor('groups')),
  preview('query-runs', 1100, 600, alone('runs')),
  preview('query-compare', 1100, 600, alone('compare')),
  preview('query-status', 1100, 600, alone('status')),
  preview('query-events', 900, 560, alone('events')),
  preview('ad-hoc-filter', 1200, 420, async (page, stage) => {
    await go(page, stage, '/d/adhoc?var-Filters=config.lr%7C%3D%7C0.000001');
    await page.getByText('qwen2.5-7b-no-kl').first().waitFor();
    await settle(page);
    return [];
  }),
  preview('all-metrics', 1500, 1000, async (page, stage) => {
    await go(
      page,
      stage,
      '/d/rolloscope-all-metrics?var-project=gsm8k&var-run=qwen2.5-7b-lr1e-6&var-run=qwen2.5-7b-no-kl',
    );
    await settle(page);
    return [];
  }),
  preview('rollouts-table', 1200, 800, table('table')),
  preview(
    'rollouts-search',
    1200,
    800,
    table(
      'history',
      async (page) => {
        await page.getByLabel('Search all texts').fill('could be');
        await page.locator('mark').first().waitFor();
      },
      'light',
    ),
  ),
  preview(
    'rollouts-lenses',
    1200,
    800,
    table('history', (page) => lens(page, 'Suspicious').click(), 'light'),
  ),
  preview('rollouts-group', 1400, 1080, async (page, stage) => {
    await table('history', (opened) => lens(opened, 'Most spread').click())(page, stage);
    await page.locator('[data-row="0"]').click();
    await page.keyboard.press('g');
    await page.getByRole('region', { name: 'Group', exact: true }).waitFor();
    return [page.getByRole('dialog')];
  }),
  preview('rollouts-distribution', 1440, 700, table('distribution')),
  preview('reader', 1400, 900, reader('reader', 0)),
  preview(
    'reader-forged',
    1400,
    800,
    reader('reader', 1, (page) => page.getByText('in the response').first().scrollIntoViewIfNeeded()),
  ),
  preview(
    'reader-timeline',
    1400,
    900,
    reader('agent', 0, async (page) => {
      await page.getByRole('button', { name: /^Slowest: / }).click();
    }),
  ),
  preview(
    'reader-tokens',
    1200,
    700,
    reader('tokens', 0, async (page) => {
      await page.keyboard.press('p');
      await page.locator('[data-token]').first().waitFor();
    }),
  ),
];
