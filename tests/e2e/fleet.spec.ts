import { expect, test } from '@grafana/plugin-e2e';
import { panelOf } from './names';

const FLEET = { uid: 'rolloscope-fleet' };
const FIGURES = { Live: 11, Regressed: 12, 'Stalled, crashed': 13, 'Not finite': 14 };
const [EVALS, STORE] = [3, 15];
const NOWHERE = { 'var-prometheus': 'there-is-none' };

test('Fleet without a Prometheus says so in words, and its titles are whole beside the signs of the errors', async ({
  gotoDashboardPage,
  page,
}) => {
  await page.setViewportSize({ width: 800, height: 1400 });
  await gotoDashboardPage({ ...FLEET, queryParams: new URLSearchParams(NOWHERE) });
  await expect(panelOf(page, STORE)).toContainText('no Prometheus data source');
  await expect(panelOf(page, EVALS)).toContainText('no Prometheus data source');
  for (const [title, id] of Object.entries(FIGURES)) {
    await expect(panelOf(page, id)).toContainText('unknown');
    const heading = panelOf(page, id).getByRole('heading', { name: title });
    expect(await heading.evaluate((one) => one.scrollWidth <= one.clientWidth), title).toBe(true);
  }
});
