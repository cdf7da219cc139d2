import { expect, test } from '@grafana/plugin-e2e';
import { OVERVIEW, SOURCE } from './names';

test('a dashboard’s runs follow its project', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: OVERVIEW });
  await page.waitForURL(/var-run=/);
  await expect(page.getByText('No data', { exact: true })).toHaveCount(0);
});

test('a new variable lists what the store has', async ({ variableEditPage, page }) => {
  await variableEditPage.setVariableType('Query');
  await variableEditPage.datasource.set(SOURCE.name);
  await expect(page.getByRole('combobox', { name: 'List' })).toBeVisible();
  await variableEditPage.runQuery();
  await expect(variableEditPage).toDisplayPreviews([/\S/]);
});
