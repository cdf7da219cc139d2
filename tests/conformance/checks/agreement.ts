import assert from 'node:assert/strict';
import { type Check, NothingToCheck, reads, type Scene, tableOf } from '../Check';
import { parseCsv } from '../parseCsv';

async function numberColumn(scene: Scene): Promise<string> {
  const { columns } = await scene.store.ask('queryRows', { body: { ...tableOf(scene), limit: 0 } });
  const found = columns.find(({ type, origin, role }) => type === 'number' && origin === 'logged' && role === 'reward');
  const name = (found ?? columns.find(({ type, origin }) => type === 'number' && origin === 'logged'))?.name;
  if (name === undefined) {
    throw new NothingToCheck('no number column in the sample');
  }
  return name;
}

async function download(scene: Scene, path: string): Promise<{ text: string; headers: Headers }> {
  const response = await scene.store.fetch(path);
  assert.equal(response.status, 200, `GET ${path}`);
  return { text: await response.text(), headers: response.headers };
}

/** A page, its distribution, its groups and its export are of the same rows. */
export const agreement: Check[] = [
  reads('counts in a distribution the rows that a page has', async (scene) => {
    const body = tableOf(scene);
    const column = await numberColumn(scene);
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 0 } });
    const histogram = await scene.store.ask('queryDistribution', {
      body: { ...body, column, bins: 10, asOf: page.asOf },
    });
    assert.equal(histogram.total, page.total);
    assert.ok(
      histogram.edges.every((edge, i) => i === 0 || edge > (histogram.edges[i - 1] ?? 0)),
      'edges ascend',
    );
    for (const { counts, n, nulls, from, to, min, max, mean } of histogram.steps ?? []) {
      assert.equal(counts.length, histogram.edges.length - 1);
      assert.ok(counts.reduce((sum, count) => sum + count, 0) <= n && nulls <= page.total && from <= to);
      assert.ok(mean === undefined || ((min ?? 0) <= mean + 1e-9 && mean <= (max ?? 0) + 1e-9));
    }
    const bins = (histogram.steps ?? []).reduce((sum, { n, nulls }) => sum + n + nulls, 0);
    const stepless = await scene.store.ask('queryRows', {
      body: { ...body, filter: [{ column: 'step', op: 'isNull' }], limit: 0, asOf: page.asOf },
    });
    assert.ok([page.total, page.total - stepless.total].includes(bins), `${bins} rows in bins, ${page.total} on pages`);
  }),

  reads('gives a grid over two columns', async (scene) => {
    const column = await numberColumn(scene);
    const grid = await scene.store.ask('queryDistribution', {
      body: { ...tableOf(scene), column, by: column, bins: 5, byBins: 4 },
    });
    assert.equal(grid.steps, undefined);
    assert.equal(grid.grid?.counts.length, grid.edges.length - 1);
    assert.ok(grid.grid?.counts.every((row) => row.length === (grid.grid?.edges.length ?? 0) - 1));
  }),

  reads('groups every row under one prompt, and names the best and the worst', async (scene) => {
    const body = tableOf(scene);
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 0 } });
    const { groups, total } = await scene.store.ask('queryGroups', {
      body: { ...body, limit: 1_000, asOf: page.asOf },
    });
    assert.ok(total >= groups.length);
    if (total === groups.length) {
      assert.equal(
        groups.reduce((sum, { n }) => sum + n, 0),
        page.total,
      );
    }
    const [group] = groups.filter(({ best }) => best !== null);
    if (group?.best) {
      const column = await numberColumn(scene);
      const row = await scene.store.ask('row', { id: group.best });
      assert.equal(row.cells[column], group.max, 'the best row has the highest reward');
    }
  }),

  reads('exports every matching row as CSV', async (scene) => {
    const body = tableOf(scene);
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 1_000 } });
    const ticket = await scene.store.ask('createExport', { body: { ...body, format: 'csv', asOf: page.asOf } });
    assert.equal(ticket.rows, page.total);
    assert.ok(ticket.expiresAt > Date.now());
    const { text, headers } = await download(scene, ticket.path);
    assert.match(headers.get('content-type') ?? '', /^text\/csv/);
    assert.match(headers.get('content-disposition') ?? '', /^attachment; filename="[\w.-]+\.csv"/);
    const [header = [], ...records] = parseCsv(text);
    assert.equal(records.length, page.total, 'no row is lost');
    assert.ok(records.every((record) => record.length === header.length));
    const reward = await numberColumn(scene);
    const column = page.columns.findIndex(({ name }) => name === reward);
    const cells = records.map((record) => record[header.indexOf(reward)] ?? '');
    const same = page.rows.every((row, i) => (row[column] === null ? '' : String(row[column])) === cells[i]);
    assert.ok(same, 'numbers are exact, in the order of the page');
  }),

  reads('exports the same rows as JSONL, more than once, with a filter and an order', async (scene) => {
    const column = await numberColumn(scene);
    const body = {
      ...tableOf(scene),
      filter: [{ column, op: 'isNull', value: false }],
      orderBy: [{ column, direction: 'desc' }],
    };
    const page = await scene.store.ask('queryRows', { body: { ...body, limit: 1_000 } });
    const ticket = await scene.store.ask('createExport', { body: { ...body, format: 'jsonl', asOf: page.asOf } });
    const first = await download(scene, ticket.path);
    assert.equal((await download(scene, ticket.path)).text, first.text, 'a second download is the same');
    const lines = first.text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(lines.length, page.total);
    const at = page.columns.findIndex(({ name }) => name === column);
    assert.deepEqual(
      lines.slice(0, 1_000).map((line) => line[column]),
      page.rows.map((row) => row[at]),
    );
  }),
];
