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

for (const [what, url, said] of [
  ['a path of the store', 'http://store:8900/api/v1', /Leave out \/api\/v1/],
  ['a path below the address', 'http://store:8900/somewhere', /A store answers at the root of its address/],
  ['the address of Grafana', 'http://grafana:3000', /This looks like an address of Grafana itself/],
] as const) {
  test(`says what to change about ${what}`, async ({ createDataSourceConfigPage, page }) => {
    await createDataSourceConfigPage({ type: SOURCE.type });
    await page.getByRole('textbox', { name: /URL/ }).first().fill(url);
    await expect(page.getByText(said)).toBeVisible();
  });
}

test('takes a token as it was pasted, with the words around it', async ({ createDataSourceConfigPage, page }) => {
  await createDataSourceConfigPage({ type: SOURCE.type });
  const token = page.getByRole('textbox', { name: 'Read token' }).or(page.getByLabel('Read token')).first();
  await token.fill('Authorization: Bearer abc');
  await expect(token).toHaveValue('abc');
});
