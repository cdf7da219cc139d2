import { expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

test('says what is in the store', async ({ gotoDataSourceConfigPage, page }) => {
  const config = await gotoDataSourceConfigPage(SOURCE.uid);
  const answered = page.waitForResponse(throughProxy('/projects'));
  await page.getByRole('button', { name: /^(Save & test|Test)$/ }).click();
  await answered;
  await expect(config).toHaveAlert('success', { hasText: /Connected to run store .+: \d+ projects?, \d+ runs?/ });
});

test('says what to do about a URL where no store is', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: SOURCE.type });
  await page.getByRole('textbox', { name: /URL/ }).first().fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Save & test' }).click();
  await expect(config).toHaveAlert('error', { hasText: /The run store does not answer/ });
});
