import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { panelOf } from './names';
import { metricsOf, test } from './ownDashboard';

test('a step is no figure beside a metric', async ({ gotoDashboardPage, saveDashboard, page, request }) => {
  const { id, metric, range } = await finishedRun(request);
  const types = ['stat', 'bargauge'];
  const options = { reduceOptions: { calcs: ['lastNotNull'], values: false, fields: '' }, textMode: 'value_and_name' };
  const panels = types.flatMap((type) =>
    ['step', 'time'].map((by) => ({
      type,
      title: `${type} by ${by}`,
      query: metricsOf(id, [metric], { x: { by } }),
      options,
      height: 5,
    })),
  );
  const uid = await saveDashboard(panels);
  await gotoDashboardPage({ uid, timeRange: range });
  for (const [i, { title }] of panels.entries()) {
    const panel = panelOf(page, i + 1);
    await panel.scrollIntoViewIfNeeded();
    await expect(panel).toContainText(/\d/);
    await expect(panel.getByText(/^Step/), title).toHaveCount(0);
  }
});
