import { expect, test } from '@grafana/plugin-e2e';
import { OVERVIEW } from './names';

test('a rollout opens, and a click on a point leads to the rollouts of its step', async ({
  gotoDashboardPage,
  page,
}) => {
  await gotoDashboardPage({ uid: OVERVIEW });
  const rows = page.locator('[role=grid] tr[data-row]');
  await rows.first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  const plot = page.locator('.u-over').first();
  const box = await plot.boundingBox();
  await plot.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
  await page.getByText('Rollouts of this step').first().click();
  await page.waitForURL(/var-step=\d+/);
  await expect(rows.first()).toBeVisible();
});
