import { expect, test } from '@grafana/plugin-e2e';
import type { APIRequestContext, Browser, Page } from '@playwright/test';
import { finishedRun } from './finishedRun';
import { askStore, OVERVIEW, rowsIn, SOURCE } from './names';

const PASSWORD = 'labels-of-a-test';

/** A user of Grafana, made anew. Gives what deletes them. */
async function createUser(request: APIRequestContext, login: string, role: string): Promise<() => Promise<unknown>> {
  const known = await request.get(`/api/users/lookup?loginOrEmail=${login}`);
  if (known.ok()) {
    await request.delete(`/api/admin/users/${(await known.json()).id}`);
  }
  const made = await request.post('/api/admin/users', { data: { name: login, login, password: PASSWORD, OrgId: 1 } });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = await made.json();
  const changed = await request.patch(`/api/org/users/${id}`, { data: { role } });
  expect(changed.ok(), await changed.text()).toBe(true);
  return () => request.delete(`/api/admin/users/${id}`);
}

/** A browser of their own, signed in. */
async function signIn(browser: Browser, baseURL: string | undefined, user: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: baseURL ?? '', storageState: { cookies: [], origins: [] } });
  const signedIn = await context.request.post('/login', { data: { user, password: PASSWORD } });
  expect(signedIn.ok(), await signedIn.text()).toBe(true);
  return context.newPage();
}

test('an Editor and a Viewer: one labels a rollout, the other sees it by name, and may not', async ({
  browser,
  baseURL,
  request,
}) => {
  const run = await finishedRun(request);
  const ends = [
    await createUser(request, 'label-editor', 'Editor'),
    await createUser(request, 'label-viewer', 'Viewer'),
  ];
  const editor = await signIn(browser, baseURL, 'label-editor');
  const viewer = await signIn(browser, baseURL, 'label-viewer');
  const open = async (page: Page) => {
    await page.goto(
      `/d/${OVERVIEW}?var-run=${encodeURIComponent(run.id)}&from=${run.range.from}&to=${run.range.to}&refresh=`,
    );
    await rowsIn(page).first().click();
    const labels = page.getByRole('dialog').getByRole('region', { name: 'Labels' });
    await expect(labels).toBeVisible();
    return labels;
  };
  const mine = await open(editor);
  const seen = await open(viewer);
  await expect(seen).toContainText('Viewers read labels');
  await expect(seen.getByRole('button', { name: 'Star' })).toHaveCount(0);

  await editor.keyboard.press('*');
  await mine.getByRole('button', { name: 'hack' }).click();
  await mine.getByRole('button', { name: 'Comment' }).click();
  await mine.getByRole('textbox', { name: 'Comment' }).fill('It reads the tests.');
  await editor.keyboard.press('Control+Enter');
  await expect(mine.getByRole('textbox')).toHaveCount(0);
  const said = seen.getByRole('listitem').filter({ hasText: 'label-editor' });
  await expect(said).toContainText('hack');
  await expect(said).toContainText('It reads the tests.');
  await expect(said.getByRole('img', { name: 'starred' })).toBeVisible();
  // The table shows them, too, of a run that is over.
  await viewer.keyboard.press('Escape');
  await expect(
    rowsIn(viewer)
      .getByRole('img', { name: /hack.*by label-editor/ })
      .first(),
  ).toBeVisible();

  // Grafana's route refuses a Viewer; a path that is written so that it is not the route's comes without the token.
  const { rowIds } = await askStore<{ rowIds: string[] }>(request, '/query/rows', { runs: [run.id], table: run.table });
  const proxy = `/api/datasources/proxy/uid/${SOURCE.uid}/api/v1`;
  const data = { person: 'root', star: true };
  for (const path of ['labels', '%6cabels', './labels', 'runs/../labels', 'labels/../labels']) {
    const refused = await viewer.context().request.put(`${proxy}/${path}/${rowIds[0]}`, { data });
    expect([403, 404, 400], path).toContain(refused.status());
  }
  const { history } = await askStore<{ history: { person: string }[] }>(request, `/labels/${rowIds[0]}`);
  expect(history.map(({ person }) => person)).not.toContain('root');

  await mine.getByRole('button', { name: 'Edit comment' }).click();
  await mine.getByRole('textbox', { name: 'Comment' }).fill('');
  await editor.keyboard.press('Control+Enter');
  await expect(mine.getByRole('textbox')).toHaveCount(0);
  await mine.getByRole('button', { name: 'hack' }).click();
  await mine.getByRole('button', { name: 'Star' }).click();
  await expect(mine.getByRole('button', { name: 'Star' })).toHaveAttribute('aria-pressed', 'false');
  for (const end of ends) {
    await end();
  }
  await editor.context().close();
  await viewer.context().close();
});
