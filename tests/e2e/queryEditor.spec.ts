import { expect, test } from '@grafana/plugin-e2e';
import { ACCURACY_PANEL, OVERVIEW } from './names';

test('offers what the store has, and draws what is chosen', async ({ gotoPanelEditPage, page }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  const row = panel.getQueryEditorRow('A');
  await expect(row.getByText('runs.history["@evals"]').first()).toBeVisible();
  await row.getByRole('combobox', { name: 'Metrics' }).click();
  await page.getByRole('option', { name: /^critic\/rewards\/mean/ }).click();
  await page.keyboard.press('Escape');
  await expect(row.getByText('"critic/rewards/mean"]').first()).toBeVisible();
  await expect(panel.panel.getErrorIcon()).toBeHidden();
});

test('asks for rows, runs and events of the same runs', async ({ gotoPanelEditPage, page }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  const row = panel.getQueryEditorRow('A');
  for (const type of ['Runs', 'Events', 'Rows', 'Metrics']) {
    await row.getByRole('combobox', { name: 'Ask for' }).click();
    await page.getByRole('option', { name: new RegExp(`^${type}`) }).click();
    await expect(row.getByRole('combobox', { name: 'Ask for' })).toHaveValue(type);
  }
});

test('takes code, completes it, and points at a fault', async ({ gotoPanelEditPage, page }) => {
  const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
  const row = panel.getQueryEditorRow('A');
  await row.getByRole('radio', { name: 'Code' }).check({ force: true });
  const code = row.getByRole('textbox', { name: 'Query as code' });
  await code.fill('runs.hist');
  await code.press('Control+ ');
  await page.getByRole('option', { name: /^history/ }).click();
  await expect(code).toHaveValue('runs.history[""]');
  await code.fill('runs.history["critic/rewards/mean"].smoth(0.9)');
  await code.press('Shift+Enter');
  await expect(row.getByText('did you mean .smooth?')).toBeVisible();
});
