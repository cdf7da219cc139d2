import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const REWARDS = [0.25, 0.75, 0.5];
const templating = {
  list: [{ name: 'run', type: 'custom', query: 'a,b', multi: true, current: { value: ['a', 'b'], text: ['a', 'b'] } }],
};
const override = (name: string, id: string, value: unknown) => ({
  matcher: { id: 'byName', options: name },
  properties: [{ id, value }],
});

let stack: Stack;
beforeAll(async () => {
  stack = await startPanelStack(
    [
      {
        uid: 'repeated',
        run: '$run',
        height: 10,
        panel: { repeat: 'run', repeatDirection: 'v', maxPerRow: 1 },
        dashboard: { templating },
      },
      {
        uid: 'fields',
        run: 'a',
        fieldConfig: {
          defaults: {},
          overrides: [
            override('reward', 'unit', 'percentunit'),
            override('reward', 'decimals', 12),
            override('prompt', 'custom.width', 333),
            override('response', 'custom.hidden', true),
          ],
        },
      },
      { uid: 'head', run: 'a', rows: 'all', height: 20, width: 14, options: { distribution: true } },
    ],
    async (store) => {
      for (const run of ['a', 'b']) {
        await call(store, 'PUT', `/runs/${run}`, { project: 'p' });
        const rows = REWARDS.map((reward, i) => [reward, `question ${i}`, `${run} answer ${i}`]);
        const table = { columns: ['reward', 'prompt', 'response'], rows };
        await call(store, 'POST', `/runs/${run}/log`, { entries: [{ step: 1, tables: { rollout_examples: table } }] });
      }
    },
  );
});
afterAll(() => stack?.stop());

async function open(path: string, width = 1200): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, width, 1000);
  await opened.page.goto(stack.previewUrl + path);
  await eventually(() => opened.page.locator('tbody tr[data-row]').count()).toBeGreaterThan(0);
  return opened;
}

/** The rewards of a copy, from the top. */
const rewards = (page: Page, copy: number) =>
  page.locator('[data-panel="panel-1"]').nth(copy).locator('tbody tr[data-row] td:nth-child(3)').allTextContents();

describe('a repeated panel', { timeout: 120_000 }, () => {
  it('keeps the order of each copy apart, and so does the address', async () => {
    const { page, faults } = await open('/d/repeated');
    await eventually(() => page.locator('[data-panel="panel-1"] tbody tr[data-row]').count()).toBe(6);
    const logged = REWARDS.map(String);
    const sorted = [...logged].sort();
    const first = page.locator('[data-panel="panel-1"]').first();
    await first.getByRole('columnheader').getByRole('button', { name: 'reward', exact: true }).click();
    await eventually(() => rewards(page, 0)).toEqual(sorted);
    expect(await rewards(page, 1)).toEqual(logged);
    await eventually(async () =>
      [...new URL(page.url()).searchParams.keys()].filter((key) => key.startsWith('rollouts')),
    ).toEqual(['rollouts-1-run=a']);
    await page.reload();
    await eventually(() => rewards(page, 0)).toEqual(sorted);
    expect(await rewards(page, 1)).toEqual(logged);
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('fields', { timeout: 120_000 }, () => {
  it('are shown whole with their units and decimals, as wide as an override says, and hidden by one', async () => {
    const { page, faults } = await open('/d/fields');
    const cell = page.locator('tbody tr[data-row] td:nth-child(3)').first();
    expect(await cell.textContent()).toBe('25.000000000000%');
    const cut = await cell.evaluate((td) =>
      [td, ...td.querySelectorAll('*')].some((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0),
    );
    expect(cut).toBe(false);
    const heads = page.locator('thead th');
    expect(await heads.allTextContents()).toEqual(['', 'step', 'reward', 'prompt']);
    await page.close();
    const wide = await open('/d/fields?rollouts-1=columns.prompt!reward!response');
    expect(Math.round((await wide.page.locator('thead th').nth(1).boundingBox())?.width ?? 0)).toBe(333);
    expect(await wide.page.locator('thead th').last().textContent()).toBe('response');
    expect([...faults, ...wide.faults]).toEqual([]);
    await wide.page.close();
  });
});

describe('the head of a panel without a title', { timeout: 120_000 }, () => {
  it.each([1600, 800, 390])('is covered by nothing while the pointer is over it: %d px', async (width) => {
    const { page } = await open('/d/head', width);
    const panel = page.locator('[data-panel="panel-1"]').first();
    await panel.hover({ position: { x: 40, y: 60 } });
    const covered = await panel
      .locator('section')
      .first()
      .evaluate((section) => {
        const top = section.getBoundingClientRect().top;
        return [...section.querySelectorAll('button')]
          .filter((button) => button.getBoundingClientRect().top < top + 32)
          .filter((button) => {
            const { left, top: y, width: w, height: h } = button.getBoundingClientRect();
            const hit = document.elementFromPoint(left + w / 2, y + h / 2);
            return hit === null || !(button.contains(hit) || hit.contains(button));
          })
          .map((button) => button.ariaLabel ?? button.textContent);
      });
    expect(covered).toEqual([]);
    await page.close();
  });
});

describe('the head of a panel without a title, where its dashboard is edited', { timeout: 120_000 }, () => {
  /** Of Grafana 12.4's menu with a description and a handle for dragging. */
  const MENU = 118;

  it.each([1600, 800])('leaves the corner free: %d px', async (width) => {
    const { page } = await open('/d/head', width);
    const room = await page
      .locator('section[aria-label^="Rollouts"]')
      .first()
      .evaluate((section) => {
        const { top, right } = section.getBoundingClientRect();
        const boxes = [...section.querySelectorAll('button')].map((button) => button.getBoundingClientRect());
        return right - Math.max(...boxes.filter((box) => box.top < top + 32).map((box) => box.right));
      });
    expect(room).toBeGreaterThanOrEqual(MENU);
    await page.close();
  });
});

describe('a public dashboard', { timeout: 120_000 }, () => {
  it('says in a sentence why there are no rollouts', async () => {
    const { page } = await openPage(stack.browser, 1200, 800);
    await page.addInitScript(() => {
      let boot: { settings: Record<string, unknown> };
      Object.defineProperty(window, 'grafanaBootData', {
        get: () => boot,
        set: (given: typeof boot) => {
          given.settings.publicDashboardAccessToken = 'abc';
          boot = given;
        },
      });
    });
    await page.goto(`${stack.previewUrl}/d/fields`);
    await eventually(() => page.getByText('Rollouts cannot be shown on a public dashboard').count()).toBe(1);
    await page.close();
  });
});
