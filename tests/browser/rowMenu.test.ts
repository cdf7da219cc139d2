import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { createRun, logSteps } from './trainingRun';

const RUN = 'grpo';
/** A list of runs, and the rollouts of one. */
const TABLES = ['rolloscope-runs?', `rolloscope-run-overview?var-run=${RUN}&`];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await createRun(stack.storeUrl, RUN);
  await logSteps(stack.storeUrl, RUN, 1, 8);
}, 60_000);
afterAll(() => stack?.stop());

async function open(path: string): Promise<{ page: Page; row: Locator; faults: string[] }> {
  const { page, faults } = await openPage(stack.browser, 1400, 1900);
  await page.goto(`${stack.previewUrl}/d/${path}`);
  const row = page.locator('tr[data-row="0"]').first();
  await row.waitFor();
  return { page, row, faults };
}

const metrics = (page: Page) => page.getByRole('menu').locator('a[href*="/alerting/new/"]');

/** What the form is filled in with that an item leads to. */
async function formOf(item: Locator) {
  const address = new URL((await item.getAttribute('href')) ?? '', 'http://grafana');
  return { path: address.pathname, ...JSON.parse(address.searchParams.get('defaults') ?? '{}') };
}

describe.each(TABLES)('a row of %s', { timeout: 120_000 }, (path) => {
  it('leads by its menu to a rule about a metric of its run', async () => {
    const { page, row, faults } = await open(path);
    await row.locator('td').nth(1).click({ button: 'right' });
    await eventually(() => metrics(page).count()).toBeGreaterThan(3);
    expect(await metrics(page).first().textContent()).toBe('eval/accuracy/meanfires below 0.508');
    const { path: form, labels, name } = await formOf(metrics(page).first());
    expect([form, name]).toEqual(['/alerting/new/alerting', `eval/accuracy/mean of ${RUN} is below 0.508`]);
    expect(labels).toContainEqual({ key: 'run', value: RUN });
    await page.keyboard.press('Escape');
    await eventually(() => metrics(page).count()).toBe(0);
    expect(await row.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('does so where it is read, too', async () => {
    const { page, row } = await open(path);
    await row.locator('td').nth(1).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Alert on this run' }).click();
    await eventually(() => metrics(page).first().textContent()).toContain('eval/accuracy/mean');
    await page.close();
  });

  it('does not for users who may not make rules', async () => {
    const { page, row } = await open(`${path}role=Viewer`);
    await row.locator('td').nth(1).click({ button: 'right' });
    await row.locator('td').nth(1).click();
    await page.getByRole('dialog').locator('dl').first().waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Alert on this run' }).count()).toBe(0);
    await page.close();
  });
});
