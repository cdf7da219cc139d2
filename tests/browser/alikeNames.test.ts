import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, panel } from './dashboard';
import { openPage, type Stack } from './harness';
import { logRows } from './panelData';
import { startPanelStack } from './panelStack';

/** Runs of one sweep: their names differ in the middle, at the end, or in both places. */
const NAMES = [
  'qwen2.5-7b-grpo-lr1e-6-bs512-kl0.001-seed1-node17-first-attempt',
  'qwen2.5-7b-grpo-lr1e-6-bs512-kl0.003-seed1-node17-first-attempt',
  'qwen2.5-7b-grpo-lr1e-6-bs512-kl0.001-seed1-node17-second-attempt',
];
const datasource = { type: 'rolloscope-runs-datasource', uid: 'store' };
const runs = { by: 'filter', project: 'panel' };

let stack: Stack;
beforeAll(async () => {
  const dashboard = {
    uid: 'alike',
    run: '',
    width: 24,
    options: { columns: ['name', 'state', 'eval', 'eval metric', 'differs in', 'started', 'heard of'], lines: 2 },
    panel: { targets: [{ refId: 'A', datasource, version: 2, queryType: 'runs', runs, metrics: ['@evals'] }] },
  };
  stack = await startPanelStack([dashboard], async (store) => {
    for (const name of NAMES) {
      await logRows(store, name, 1, [[1, 0.5, 'p', 'r']]);
    }
  });
});
afterAll(() => stack?.stop());

describe('runs whose names are alike', { timeout: 120_000 }, () => {
  it.each([800, 390])('are told apart in a panel of %s pixels, and have their whole names', async (width) => {
    const { page, faults } = await openPage(stack.browser, width, 900);
    await page.goto(`${stack.previewUrl}/d/alike`);
    const cells = panel(page, 1).locator('tr[data-row] td:nth-of-type(1)');
    await eventually(() => cells.count()).toBe(NAMES.length);
    const shown = await cells.evaluateAll((all) =>
      all.map((cell) => ({
        text: cell.textContent ?? '',
        title: cell.getAttribute('title'),
        isCut: [...cell.querySelectorAll('div')].some((one) => one.scrollHeight > one.clientHeight + 1),
      })),
    );
    expect(new Set(shown.map(({ text }) => text)).size).toBe(NAMES.length);
    expect(shown.map(({ text, title }) => title ?? text).sort()).toEqual([...NAMES].sort());
    expect(shown.filter(({ isCut }) => isCut)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
