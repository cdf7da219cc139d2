import { expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

test('run events come as annotations', async ({ annotationEditPage, page }) => {
  await annotationEditPage.datasource.set(SOURCE.name);
  const asked = page.waitForResponse(throughProxy('/events'));
  await page.getByRole('button', { name: 'Test annotation query' }).click();
  expect((await asked).ok()).toBe(true);
  await expect(page.getByText(/\d+ events? \(from \d+ fields\)/)).toBeVisible();
});
