import { expect, test } from '@grafana/plugin-e2e';
import { OVERVIEW, panelOf, rowsIn } from './names';

const ROLLOUTS = 5;

test('Grafana’s menu leaves the head of a panel without a title free', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: OVERVIEW });
  const panel = panelOf(page, ROLLOUTS);
  await expect(rowsIn(panel).first()).toBeVisible();
  const button = panel.getByRole('button', { name: /^(Show|Hide) the distribution$/ });
  const was = await button.getAttribute('aria-expanded');
  await button.scrollIntoViewIfNeeded();
  await panel.getByRole('heading', { name: /^runs/ }).hover();
  await expect(panel.getByTestId('data-testid hover-header-container')).toBeVisible();
  // A click waits until nothing lies over the place: forever, where something does.
  await button.click();
  await expect(button).toHaveAttribute('aria-expanded', was === 'true' ? 'false' : 'true');
  await panel.getByRole('img', { name: /^Colors of/ }).hover();
});
