import { AnnotationPage, expect, test } from '@grafana/plugin-e2e';
import { SOURCE, throughProxy } from './names';

test('run events come as annotations', async ({ page, selectors, grafanaVersion, request }, testInfo) => {
  const list = new AnnotationPage({ page, selectors, grafanaVersion, request, testInfo });
  // However long ago the run was.
  await page.goto('/dashboard/new?orgId=1&editview=annotations&from=now-5y&to=now');
  const edit = await list.clickAddNew();
  await edit.datasource.set(SOURCE.name);
  const asked = page.waitForResponse(throughProxy('/events'));
  await page.getByRole('button', { name: 'Test annotation query' }).click();
  expect((await asked).ok()).toBe(true);
  await expect(page.getByText(/\d+ events? \(from \d+ fields\)/)).toBeVisible();
});
