import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { panelOf } from './names';
import { metricsOf, test } from './ownDashboard';

test('a panel says which metric or run is not there, and what comes near', async ({
  gotoDashboardPage,
  saveDashboard,
  page,
  request,
}) => {
  const { id, metric } = await finishedRun(request);
  const options = { xField: 'Step' };
  const uid = await saveDashboard([
    { type: 'trend', query: metricsOf(id, [`${metric}x`], { x: { by: 'step' } }), options },
    { type: 'trend', query: metricsOf(`${id}x`, [metric], { x: { by: 'step' } }), options },
  ]);
  const refused: string[] = [];
  page.on('response', (one) => one.status() >= 400 && refused.push(`${one.status()} ${one.url()}`));
  await gotoDashboardPage({ uid });
  await expect(panelOf(page, 1)).toContainText(`"${metric}x"; did you mean "${metric}"?`);
  await expect(panelOf(page, 2)).toContainText(`No such run: "${id}x"; did you mean "${id}"?`);
  expect(refused.filter((one) => one.includes('/api/datasources/proxy/'))).toEqual([]);
});
