import { expect, test } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { OVERVIEW, rowsIn, SOURCE } from './names';

const REFRESH_S = 5;
const WATCHED_S = 60;
/** Two charts, the table, two statuses, and those by wall time, if they are open. */
const PANELS = 8;

test('refreshes of a run that has ended cost a small request a panel at the most', async ({
  gotoDashboardPage,
  page,
  request,
}) => {
  const { id, range } = await finishedRun(request);
  const queryParams = new URLSearchParams({ 'var-run': id, refresh: `${REFRESH_S}s`, ...range });
  await gotoDashboardPage({ uid: OVERVIEW, queryParams });
  await expect(rowsIn(page).first()).toBeVisible();
  await page.waitForTimeout(3 * REFRESH_S * 1_000);

  const asked: string[] = [];
  const large: string[] = [];
  const aborted: string[] = [];
  const isOurs = (url: string) => url.includes(`/proxy/uid/${SOURCE.uid}/`);
  page.on('request', (one) => {
    const path = new URL(one.url()).pathname.split('/api/v1')[1] ?? '';
    if (!isOurs(one.url()) || !/^\/query\/(rows|metrics|distribution|facets|groups)/.test(path)) {
      return;
    }
    asked.push(path);
    const body = one.postDataJSON();
    if (body.since === undefined || (path === '/query/rows' && body.limit !== 0)) {
      large.push(`${path} ${one.postData()}`);
    }
  });
  page.on('requestfailed', (one) => isOurs(one.url()) && aborted.push(one.url()));
  await page.waitForTimeout(WATCHED_S * 1_000);
  expect(large).toEqual([]);
  expect(aborted).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThanOrEqual((WATCHED_S / REFRESH_S + 1) * PANELS);
});
