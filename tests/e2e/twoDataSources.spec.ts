import { expect, test } from '@grafana/plugin-e2e';
import { OVERVIEW, rowsIn, SOURCE } from './names';

/** First by name, so that whoever picks the first one picks it; nothing answers there. */
const OTHER = { type: SOURCE.type, name: 'A store of somebody else', url: 'http://127.0.0.1:9' };

test('of two stores the one that is chosen fills the panels', async ({
  gotoDashboardPage,
  grafanaAPIClient,
  page,
  request,
}) => {
  const made = await request.post('/api/datasources', { data: { ...OTHER, access: 'proxy' } });
  const { datasource } = await made.json();
  try {
    await gotoDashboardPage({ uid: OVERVIEW });
    const variable = page.getByTestId('data-testid template variable').filter({ hasText: 'Data source' });
    await variable.getByRole('combobox').click();
    await expect(page.getByRole('option', { name: OTHER.name })).toBeVisible();
    await page.getByRole('option', { name: SOURCE.name, exact: true }).click();
    await page.waitForURL(({ searchParams }) => searchParams.get('var-datasource') === SOURCE.uid);
    await expect(rowsIn(page).first()).toBeVisible();
    await page.reload();
    await expect(rowsIn(page).first()).toBeVisible();
  } finally {
    await grafanaAPIClient.deleteDataSourceByUID(datasource.uid);
  }
});
