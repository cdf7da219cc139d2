import { expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

const RANGE = { from: 'now-1y', to: 'now' };

test('the first panel of a new dashboard has a curve', async ({ gotoDashboardPage, page }) => {
  const dashboard = await gotoDashboardPage({ timeRange: RANGE });
  const panel = await dashboard.addPanel();
  const answered = page.waitForResponse(throughProxy('/query/metrics'));
  await panel.datasource.set(SOURCE.name);
  expect((await answered).ok()).toBe(true);
  await expect(panel.panel.locator.locator('.u-over')).toBeVisible();
  await expect(panel.panel.locator.getByText(/^no data$|missing a time field|unable to/i)).toHaveCount(0);
});
