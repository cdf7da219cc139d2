import { expect, test } from '@grafana/plugin-e2e';
import { ACCURACY_PANEL, OVERVIEW, throughProxy } from './names';

for (const [type, path] of [
  ['Rows', '/query/rows'],
  ['Prompt groups', '/query/groups'],
] as const) {
  test(`${type} can be asked for before a table is chosen`, async ({ gotoPanelEditPage, page }) => {
    const panel = await gotoPanelEditPage({ dashboard: { uid: OVERVIEW }, id: ACCURACY_PANEL });
    const row = panel.getQueryEditorRow('A');
    await row.getByRole('combobox', { name: 'Ask for' }).click();
    await page.getByRole('option', { name: new RegExp(`^${type}`) }).click();
    const answered = page.waitForResponse(throughProxy(path));
    await row.getByRole('combobox', { name: 'Table' }).click();
    await page.getByRole('option').first().click();
    expect((await answered).ok()).toBe(true);
    await expect(row.getByRole('combobox', { name: 'Ask for' })).toHaveValue(type);
  });
}
