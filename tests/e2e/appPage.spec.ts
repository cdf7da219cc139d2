import { expect, test } from '@grafana/plugin-e2e';
import { APP_PAGE, OVERVIEW, SOURCE } from './names';

test('the app’s page tells what is connected, and opens the newest run', async ({ page }) => {
  await page.goto(APP_PAGE);
  const store = page.getByRole('listitem').filter({ hasText: SOURCE.name });
  await expect(store.getByText(/Connected to run store .+: \d+ projects?, \d+ runs?\./)).toBeVisible();
  await page.getByRole('radio', { name: 'MLflow' }).click();
  await expect(page.getByText(/export MLFLOW_TRACKING_URI=http/)).toBeVisible();
  await store.getByRole('link', { name: /^Open the newest run/ }).click();
  await page.waitForURL(new RegExp(`/d/${OVERVIEW}.*var-run=`));
});
