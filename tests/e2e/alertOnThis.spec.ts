import { expect, test } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { OVERVIEW, rowsIn } from './names';

test('the menu of a rollout leads to the form of a rule about its run', async ({
  gotoDashboardPage,
  page,
  request,
}) => {
  const { id } = await finishedRun(request);
  await gotoDashboardPage({ uid: OVERVIEW, queryParams: new URLSearchParams({ 'var-run': id, refresh: '' }) });
  const item = page.getByRole('menu').locator('a[href*="/alerting/new/"]').first();
  // Whoever is quicker than the rows are gets the browser's own menu.
  await expect(async () => {
    await rowsIn(page).first().locator('td').first().click({ button: 'right' });
    await expect(item).toBeVisible({ timeout: 3_000 });
  }).toPass();
  const metric = (await item.textContent())?.split('fires')[0] ?? '';
  await item.click();
  await page.waitForURL(/\/alerting\/new\/alerting/);
  await expect(page.getByRole('textbox', { name: 'Name' }).first()).toHaveValue(
    new RegExp(`^${metric.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} of `),
  );
});
