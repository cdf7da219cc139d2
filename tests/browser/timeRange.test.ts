import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, rows, showsRange } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const MINUTE = 60_000;
const SAMPLES = 6;

let stack: Stack;

/** Six rollouts a step, at the given moments; rewards tell the step. */
async function logSteps(store: string, run: string, times: readonly number[], first = 1): Promise<void> {
  await call(store, 'PUT', `/runs/${run}`, { project: 'p' });
  const entries = times.map((time, i) => ({
    step: first + i,
    time,
    tables: {
      rollout_examples: {
        columns: ['reward', 'prompt', 'response'],
        rows: Array.from({ length: SAMPLES }, (_, n) => [first + i, `Question ${n}?`, `step ${first + i} sample ${n}`]),
      },
    },
  }));
  await call(store, 'POST', `/runs/${run}/log`, { entries });
}

const dashboards = (run: string) => {
  const common = {
    run,
    rows: 'all' as const,
    options: { pageSize: 4, inTimeRange: true, distribution: true },
    height: 24,
  };
  return [
    { uid: run, ...common },
    {
      uid: `${run}-frame`,
      ...common,
      transformations: [{ id: 'organize', options: { excludeByName: { run: true } } }],
    },
  ];
};

beforeAll(async () => {
  stack = await startPanelStack([...dashboards('still'), ...dashboards('slides')], async (store) => {
    const now = Date.now();
    await logSteps(
      store,
      'still',
      [90, 50, 30, 10].map((ago) => now - ago * MINUTE),
    );
  });
});
afterAll(() => stack?.stop());

async function open(uid: string, query: string, range: string | RegExp): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1200, 1000);
  await opened.page.goto(`${stack.previewUrl}/d/${uid}?${query}`);
  await showsRange(opened.page, range);
  return opened;
}

const steps = async (page: Page) => [...new Set((await rows(page)).map((cells) => cells[1]))];
const heat = (page: Page) => page.locator('[aria-roledescription=heatmap]');
const lens = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Lenses' }).getByRole('button', { name: new RegExp(`^${name} `) });

describe.each([
  ['the store', 'still'],
  ['a frame', 'still-frame'],
])('only the dashboard’s time range, in %s', (_, uid) => {
  it('holds for rows, counts, lenses, the distribution and the export', async () => {
    const { page, faults } = await open(uid, 'from=now-1h&to=now&refresh=', '1 - 4 of 18');
    await eventually(() => lens(page, 'Newest').textContent()).toBe('Newest 18');
    await eventually(() => heat(page).getAttribute('aria-label')).toMatch(/^18 rollouts, .*step from 2 to 4/);
    await lens(page, 'Worst').click();
    await showsRange(page, '1 - 4 of 6');
    expect(await steps(page)).toEqual(['2']);
    await lens(page, 'Worst').click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(1 + 18);
    expect(csv).not.toContain('step 1 ');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('follows a range that someone chooses, and says where that leaves nothing', async () => {
    const { page, faults } = await open(uid, 'from=now-1h&to=now&refresh=', '1 - 4 of 18');
    await page.getByRole('button', { name: 'Next page' }).click();
    await showsRange(page, '5 - 8 of 18');
    await page.getByTestId(/TimePicker Open Button/).click();
    await page.getByText('Last 3 hours', { exact: true }).click();
    // Another table: it begins with its first page.
    await showsRange(page, '1 - 4 of 24');
    await page.goto(`${stack.previewUrl}/d/${uid}?from=now-5m&to=now&refresh=`);
    await eventually(() => page.getByText("No rollouts in the dashboard's time range").count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Show all rows' }).count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('a relative range', () => {
  it('moves no rows under whoever reads, and lets them go where nobody does', { timeout: 120_000 }, async () => {
    // Step 1 leaves the last five minutes while this test looks.
    await logSteps(
      stack.storeUrl,
      'slides',
      [-270_000, -60_000, -1_000].map((ago) => Date.now() + ago),
    );
    const query = 'from=now-5m&to=now&refresh=5s';
    const pages = await Promise.all(
      ['slides', 'slides-frame'].flatMap((uid) => [open(uid, query, /of 18$/), open(uid, query, /of 18$/)]),
    );
    const readers = [pages[0], pages[2]].flatMap((one) => one ?? []);
    const idle = [pages[1], pages[3]].flatMap((one) => one ?? []);
    const before: string[][][] = [];
    for (const [i, { page }] of readers.entries()) {
      if (i === 1) {
        await page.getByRole('columnheader').getByRole('button', { name: 'step', exact: true }).click();
        await page.locator('[aria-sort=ascending]').waitFor();
      }
      await page.getByRole('button', { name: 'Next page' }).click();
      await showsRange(page, '5 - 8 of 18');
      // A click on a row of the page before, while this one is on its way, opens that row.
      await eventually(async () => (await rows(page))[0]?.[0]).toBe('5');
      await page.locator('[data-row="1"]').click();
      await page.getByRole('dialog').locator('dl').first().waitFor();
      before.push(await rows(page));
      await page.evaluate(() => {
        const body = document.querySelector('[role=grid] tbody');
        const seen = globalThis as unknown as { moved: number };
        seen.moved = 0;
        const observer = new MutationObserver((list) => {
          seen.moved += list.length;
        });
        observer.observe(body as Element, { childList: true, subtree: true, characterData: true });
      });
    }
    const patient = { timeout: 60_000 };
    for (const { page } of idle) {
      await expect.poll(() => page.getByRole('navigation', { name: 'Pages' }).textContent(), patient).toMatch(/of 12/);
    }
    const [latestFirst, earliestFirst] = readers.map(({ page }) => page);
    if (!latestFirst || !earliestFirst) {
      throw new Error('two readers are open');
    }
    // What went stood behind the reader here, and before the reader there.
    await showsRange(latestFirst, '5 - 8 of 12');
    await expect.poll(() => earliestFirst.getByRole('button', { name: '6 rows fewer' }).count(), patient).toBe(1);
    for (const [i, page] of [latestFirst, earliestFirst].entries()) {
      expect(await rows(page)).toEqual(before[i]);
      expect(await page.evaluate(() => (globalThis as unknown as { moved: number }).moved)).toBe(0);
      expect(await page.getByRole('dialog').count()).toBe(1);
    }
    await earliestFirst.keyboard.press('Escape');
    await earliestFirst.getByRole('button', { name: '6 rows fewer' }).click();
    await showsRange(earliestFirst, '1 - 4 of 12');
    expect(pages.map(({ faults }) => faults)).toEqual([[], [], [], []]);
    await Promise.all(pages.map(({ page }) => page.close()));
  });
});
