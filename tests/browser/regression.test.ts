import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, panel, panelErrors, settled } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';

const [OFFERED, EVIDENCE] = [6, 4];
const PROMPTS = 200;
/** Of evals every ten steps: it is told at the second that is worse. */
const ACCURACY = [0.5, 0.6, 0.62, 0.6, 0.61, 0.35, 0.34];
/** Prompts that the reference had right and the newest eval has wrong. */
const LOST = Math.round(PROMPTS * (0.61 - 0.34));
const TOLD_AT = 10 * ACCURACY.length;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const { storeUrl } = stack;
  await call(storeUrl, 'PUT', '/runs/drop', { project: 'p' });
  const entries = ACCURACY.map((share, i) => ({
    step: 10 * (i + 1),
    metrics: { 'eval/accuracy/mean': share },
    tables: {
      eval: {
        columns: ['prompt', 'response', 'correct'],
        rows: Array.from({ length: PROMPTS }, (_, k) => [`question ${k}`, `answer ${k}`, k < PROMPTS * share]),
      },
    },
  }));
  await call(storeUrl, 'POST', '/runs/drop/log', { entries });
});

afterAll(() => stack?.stop());

const evidence = (page: Page) => panel(page, EVIDENCE).locator('tbody tr[data-row]');
const offered = (page: Page) => panel(page, OFFERED).getByRole('link');

describe('the dashboard Regression', { timeout: 150_000 }, () => {
  it('offers the newest regressions where none is chosen, and has no hole in its sentences', async () => {
    const { page, faults } = await openPage(stack.browser, 1440, 1600);
    await page.goto(`${stack.previewUrl}/d/rolloscope-regression`);
    await expect.poll(() => offered(page).count(), { timeout: 60_000 }).toBe(1);
    expect(await offered(page).textContent()).toContain('eval/accuracy/mean regressed');
    await eventually(() => panel(page, EVIDENCE).textContent()).toContain('still to be chosen');
    const text = (await page.locator('body').textContent()) ?? '';
    expect(text).not.toMatch(/step (,|\.|→)|\$\{|nearest to\s*:/);
    expect(await evidence(page).count()).toBe(0);

    const link = new URL((await offered(page).getAttribute('href')) ?? '', stack.previewUrl);
    expect(link.searchParams.get('var-run')).toBe('drop');
    expect(link.searchParams.get('var-step')).toBe(String(TOLD_AT));
    await offered(page).click();
    await eventually(() => evidence(page).count()).toBeGreaterThan(0);
    // What the title promises, and not all rows of the two evals.
    const lens = panel(page, EVIDENCE).getByRole('button', { name: /^Newly wrong/ });
    await eventually(() => lens.getAttribute('aria-pressed')).toBe('true');
    await eventually(() => panel(page, EVIDENCE).textContent()).toContain(`of ${LOST}`);
    expect(new URL(page.url()).searchParams.get('var-reference')).toBe(link.searchParams.get('var-reference'));
    await settled(page);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });
});
