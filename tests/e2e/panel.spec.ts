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

  // The links of a point are told of the line that the pointer is near, wherever that runs.
  const over = page.locator('.u-over').first();
  await over.scrollIntoViewIfNeeded();
  const plot = (await over.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const x = plot.x + plot.width / 2;
  const link = page.getByText('Rollouts of this step').first();
  await expect(async () => {
    for (let share = 0.1; share < 1 && !(await link.isVisible()); share += 0.05) {
      const y = plot.y + plot.height * share;
      await page.keyboard.press('Escape');
      await page.mouse.move(x - 5, y);
      await page.mouse.move(x, y, { steps: 3 });
      await page.mouse.click(x, y, { delay: 100 });
      await page.waitForTimeout(300);
    }
    await link.click({ timeout: 2_000 });
  }).toPass();
  await page.waitForURL(/var-step=\d+/);
  await expect(rows.first()).toBeVisible();
});
