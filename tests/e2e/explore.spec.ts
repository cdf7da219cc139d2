import { expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

test('metrics are a graph, rows are our panel', async ({ explorePage, page }) => {
  await explorePage.datasource.set(SOURCE.name);
  const row = explorePage.getQueryEditorRow('A');
  // `explorePage.runQuery` waits for a query endpoint of Grafana's own, which no data source without a backend calls.
  const run = async (path: string) => {
    const answered = page.waitForResponse(throughProxy(path));
    await page.getByRole('button', { name: 'Run query' }).first().click();
    expect((await answered).ok()).toBe(true);
  };
  await run('/query/metrics');
  await expect(page.locator('.u-over').first()).toBeVisible();

  await row.getByRole('combobox', { name: 'Ask for' }).click();
  await page.getByRole('option', { name: /^Rows/ }).click();
  await row.getByRole('combobox', { name: 'Table' }).click();
  await page.getByRole('option').first().click();
  await run('/query/rows');
  await expect(page.getByText('Export as CSV')).toBeVisible();
});
