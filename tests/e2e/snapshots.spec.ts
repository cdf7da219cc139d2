import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { rowsIn } from './names';
import { rowsOf, test } from './ownDashboard';

const templating = { list: [{ name: 'step', type: 'textbox', query: '', current: { text: '', value: '' } }] };

test('a snapshot opens, and its rollouts are read', async ({ gotoDashboardPage, saveDashboard, page, request }) => {
  const { id, table } = await finishedRun(request);
  const uid = await saveDashboard([{ type: 'rolloscope-rollouts-panel', query: rowsOf(id, table) }], { templating });
  await gotoDashboardPage({ uid });
  await expect(rowsIn(page).first()).toBeVisible();
  await page.getByTestId('data-testid new share button arrow menu').click();
  await page.getByTestId('data-testid new share button share snapshot').click();
  const made = page.waitForResponse((one) => new URL(one.url()).pathname === '/api/snapshots');
  await page.getByRole('button', { name: 'Publish snapshot' }).click();
  const { key, deleteKey } = await (await made).json();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`/dashboard/snapshot/${key}`);
  await rowsIn(page).first().click();
  await expect(page.getByRole('dialog')).toContainText('Row 1 of');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(faults).toEqual([]);
  await request.get(`/api/snapshots-delete/${deleteKey}`);
});
