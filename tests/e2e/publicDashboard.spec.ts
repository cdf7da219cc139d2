import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { rowsOf, test } from './ownDashboard';

test('a public dashboard says why it has no rollouts', async ({ saveDashboard, page, request }) => {
  const { id, table } = await finishedRun(request);
  const uid = await saveDashboard([{ type: 'rolloscope-rollouts-panel', query: rowsOf(id, table) }]);
  const answer = await request.post(`/api/dashboards/uid/${uid}/public-dashboards`, { data: { isEnabled: true } });
  const { uid: shared, accessToken } = await answer.json();
  await page.goto(`/public-dashboards/${accessToken}`);
  await expect(page.getByText('Rollouts cannot be shown on a public dashboard')).toBeVisible();
  await request.delete(`/api/dashboards/uid/${uid}/public-dashboards/${shared}`);
});
