import { readFile } from 'node:fs/promises';
import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { rowsIn } from './names';
import { rowsOf, test } from './ownDashboard';

for (const [kind, transformations] of [
  ['of the store', []],
  ['of a frame that was transformed', [{ id: 'organize', options: { excludeByName: { time: true } } }]],
] as const) {
  test(`rows ${kind} are downloaded as CSV, and the dashboard stays`, async ({
    gotoDashboardPage,
    saveDashboard,
    page,
    request,
  }) => {
    const { id, table } = await finishedRun(request);
    const query = { ...rowsOf(id, table), limit: 1_000 };
    const uid = await saveDashboard([{ type: 'rolloscope-rollouts-panel', query, rest: { transformations } }]);
    await gotoDashboardPage({ uid });
    await expect(rowsIn(page).first()).toBeVisible();
    const { pathname } = new URL(page.url());
    const begun = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const download = await begun;
    expect(download.suggestedFilename()).toMatch(new RegExp(`${table}.*\\.csv$`));
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toMatch(/^(run,)?step,/);
    expect(text.split('\r\n').length).toBeGreaterThan(2);
    expect(new URL(page.url()).pathname).toBe(pathname);
    await expect(rowsIn(page).first()).toBeVisible();
  });
}
