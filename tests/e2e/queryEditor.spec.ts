import { expect, test } from '@grafana/plugin-e2e';
import { ACCURACY_PANEL, OVERVIEW } from './names';

test('offers what the store has, and draws what is chosen', async ({ gotoPanelEditPage, page }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  const row = panel.getQueryEditorRow('A');
  await expect(row.getByText('runs.history["eval/*accuracy/mean"]').first()).toBeVisible();
  await row.getByRole('combobox', { name: 'Metrics' }).click();
  await page.getByRole('option', { name: 'critic/rewards/mean' }).click();
  await page.keyboard.press('Escape');
  await expect(row.getByText('runs.history["critic/rewards/mean"]').first()).toBeVisible();
  await expect(panel.panel.getErrorIcon()).toBeHidden();
});

test('asks for rows, runs and events of the same runs', async ({ gotoPanelEditPage }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  const row = panel.getQueryEditorRow('A');
  for (const type of ['Runs', 'Events', 'Rows', 'Metrics']) {
    await row.getByRole('radio', { name: type, exact: true }).check({ force: true });
    await expect(row.getByRole('radio', { name: type, exact: true })).toBeChecked();
  }
});
