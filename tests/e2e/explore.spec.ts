import { expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

test('metrics are a graph, rows are our panel', async ({ explorePage, page }) => {
  await explorePage.datasource.set(SOURCE.name);
  const row = explorePage.getQueryEditorRow('A');
  await explorePage.runQuery({ waitForResponsePredicateCallback: throughProxy('/query/metrics') });
  await expect(page.locator('.u-over').first()).toBeVisible();

  await row.getByRole('radio', { name: 'Rows', exact: true }).check({ force: true });
  await row.getByRole('combobox', { name: 'Table' }).click();
  await page.getByRole('option').first().click();
  await explorePage.runQuery({ waitForResponsePredicateCallback: throughProxy('/query/rows') });
  await expect(page.getByText('Export as CSV')).toBeVisible();
});
