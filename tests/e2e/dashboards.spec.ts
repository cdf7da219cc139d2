import { expect, test } from '@grafana/plugin-e2e';

const UIDS = ['run-overview', 'runs', 'regression', 'fleet', 'all-metrics', 'seed-picture', 'training-gpus'];

/** What Grafana and we say where a panel cannot show what it was given. */
const FAULTS = /Unable to find field|Data is missing|Not logged:|undefined|\[object|NaN%|did you mean/;

for (const name of UIDS) {
  test(`${name} shows without a fault, and without one in the console`, async ({ gotoDashboardPage, page }) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('response', (one) => {
      if (one.status() >= 400 && one.url().includes('/api/datasources/')) {
        faults.push(`${one.status()} ${one.url()}`);
      }
    });
    await gotoDashboardPage({ uid: `rolloscope-${name}` });
    await expect(page.locator('[data-viz-panel-key]').first()).toBeVisible();
    await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
    // Grafana draws what comes into view.
    for (let y = 0; y < (await page.evaluate(() => document.body.scrollHeight)); y += 500) {
      await page.mouse.wheel(0, 500);
      await page.waitForTimeout(300);
    }
    await expect(page.getByLabel('Panel loading bar')).toHaveCount(0);
    await expect(page.locator('[data-viz-panel-key]').filter({ hasText: FAULTS })).toHaveCount(0);
    expect(faults).toEqual([]);
  });
}
