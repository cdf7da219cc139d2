import { expect, test } from '@grafana/plugin-e2e';
import { ACCURACY_PANEL, OVERVIEW, rowsIn } from './names';

// Grafana offers the panels of others by this alone; it is off by default in 12.4.
test.use({ featureToggles: { externalVizSuggestions: true } });

test('curves by step are offered as Trend, and rows as Rollouts', async ({ gotoPanelEditPage, page }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  await page.getByTestId('data-testid toggle-viz-picker').click();
  await page.getByTestId('data-testid Tab Suggestions').click();
  await expect(page.getByTestId('data-testid suggestion-Trend by step')).toBeVisible();

  const row = panel.getQueryEditorRow('A');
  await row.getByRole('combobox', { name: 'Ask for' }).click();
  await page.getByRole('option', { name: /^Rows/ }).click();
  await row.getByRole('combobox', { name: 'Table' }).click();
  await page.getByRole('option').first().click();
  await page.getByTestId('data-testid suggestion-Rollouts').click();
  await expect(rowsIn(page).first()).toBeVisible();
});
