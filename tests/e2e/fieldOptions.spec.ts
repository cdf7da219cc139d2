import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { panelOf, rowsIn } from './names';
import { rowsOf, test } from './ownDashboard';

const override = (name: string, id: string, value: unknown) => ({
  matcher: { id: 'byName', options: name },
  properties: [{ id, value }],
});

test('overrides of unit, decimals, width and hidden count, and cells show numbers whole', async ({
  gotoDashboardPage,
  saveDashboard,
  page,
  request,
}) => {
  const { id, table } = await finishedRun(request);
  const overrides = [
    override('reward', 'unit', 'percentunit'),
    override('reward', 'decimals', 12),
    override('prompt', 'custom.width', 333),
    override('response', 'custom.hidden', true),
  ];
  const options = { columns: ['reward', 'prompt', 'response'] };
  const query = rowsOf(id, table);
  const uid = await saveDashboard([
    { type: 'rolloscope-rollouts-panel', query, options, fieldConfig: { overrides: [] }, height: 8 },
    { type: 'rolloscope-rollouts-panel', query, options, fieldConfig: { overrides }, height: 8 },
  ]);
  await gotoDashboardPage({ uid });
  const panel = panelOf(page, 2);
  const cell = rowsIn(panel).first().locator('td').first();
  await expect(cell).toHaveText(/^-?\d+\.\d{12}%$/);
  const isCut = await cell.evaluate((td) =>
    [td, ...td.querySelectorAll('*')].some((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0),
  );
  expect(isCut).toBe(false);
  await expect(panel.locator('thead th')).toHaveCount(3);
  const prompt = panel.locator('thead th', { hasText: 'prompt' });
  expect((await prompt.boundingBox())?.width).toBeCloseTo(333, 0);
  const sibling = panelOf(page, 1).locator('thead th', { hasText: 'prompt' });
  expect((await sibling.boundingBox())?.width).not.toBeCloseTo(333, 0);
});
