import { expect, test } from '@grafana/plugin-e2e';
import { panelOf } from './names';

const [NEWEST, EVIDENCE] = [6, 4];

test('Regression without a choice offers the newest ones, in whole sentences', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: 'rolloscope-regression' });
  await expect(panelOf(page, NEWEST)).toContainText('Newest regressions');
  const text = panelOf(page, EVIDENCE);
  await text.scrollIntoViewIfNeeded();
  await expect(text).toContainText(/\w{4}/);
  for (const panel of [NEWEST, EVIDENCE]) {
    // Where a variable is empty, a sentence has two spaces, or nothing between its quotes.
    await expect(panelOf(page, panel)).not.toContainText(/\$\{?\w|\*\*\*\*|``|""|\( *\)| ,| \./);
  }
});
