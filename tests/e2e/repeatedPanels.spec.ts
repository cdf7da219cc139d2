import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { rowsOf, test } from './ownDashboard';

const copies = ['a', 'b'];
const templating = {
  list: [{ name: 'copy', type: 'custom', query: copies.join(), multi: true, current: { text: copies, value: copies } }],
};

test('copies of a repeated panel are sorted apart', async ({ gotoDashboardPage, saveDashboard, page, request }) => {
  const { id, table } = await finishedRun(request);
  const rest = { repeat: 'copy', repeatDirection: 'v', maxPerRow: 1 };
  const panel = { type: 'rolloscope-rollouts-panel', title: 'copy $copy', query: rowsOf(id, table), rest };
  const uid = await saveDashboard([panel], { templating });
  await gotoDashboardPage({ uid });
  const grids = page.getByRole('grid', { name: /^Rollouts/ });
  await expect(grids).toHaveCount(copies.length);
  const head = (copy: number) => grids.nth(copy).getByRole('columnheader', { name: /^reward/ });
  await head(0).getByRole('button', { name: 'reward', exact: true }).click();
  await expect(head(0)).toHaveAttribute('aria-sort', 'ascending');
  await expect(head(1)).not.toHaveAttribute('aria-sort', 'ascending');
  await page.waitForURL(({ searchParams }) => searchParams.has('rollouts-1-copy=a'));
  await page.reload();
  await expect(head(0)).toHaveAttribute('aria-sort', 'ascending');
  await expect(head(1)).not.toHaveAttribute('aria-sort', 'ascending');
});
