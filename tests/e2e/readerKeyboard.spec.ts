import { expect, test } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { OVERVIEW, rowsIn } from './names';

test('a rollout is opened, read, searched and closed by keys alone', async ({ gotoDashboardPage, page, request }) => {
  const { id } = await finishedRun(request);
  await gotoDashboardPage({ uid: OVERVIEW, queryParams: new URLSearchParams({ 'var-run': id, refresh: '' }) });
  const row = rowsIn(page).first();
  await row.focus();
  await page.keyboard.press('Enter');
  const reader = page.getByRole('dialog');
  const title = reader.getByRole('heading', { name: /^Row \d+ of/ });
  await expect(title).toHaveText(/^Row 1 of/);
  await page.keyboard.press('j');
  await expect(title).toHaveText(/^Row 2 of/);
  await page.keyboard.press('k');
  await expect(title).toHaveText(/^Row 1 of/);
  await page.keyboard.press('r');
  await expect(reader.getByRole('button', { name: 'Raw' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('/');
  await page.keyboard.type('e');
  await expect(reader.getByRole('search').getByRole('status')).toHaveText(/^1 of \d+$/);
  await page.keyboard.press('Escape');
  await expect(reader.getByRole('search')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(reader).toHaveCount(0);
  await expect(row).toBeFocused();
});
