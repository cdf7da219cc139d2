import assert from 'node:assert/strict';
import { type Check, metricOf, reads, tableOf } from '../Check';

/** What is there: health, projects, runs, keys, values, metrics, tables. */
export const lists: Check[] = [
  reads('says that it is up and speaks v1', async ({ store }) => {
    const health = await store.ask('health');
    assert.equal(health.apiVersion, 1);
  }),

  reads('serves its OpenAPI page, whose paths are those of the contract', async ({ store }) => {
    const page = (await store.ask('openapi')) as { openapi?: string; paths?: object };
    assert.match(page.openapi ?? '', /^3\./);
    assert.ok(Object.keys(page.paths ?? {}).includes('/query/rows'));
  }),

  reads('lists the projects of its runs', async ({ store, sample }) => {
    const { projects } = await store.ask('projects');
    for (const id of sample.runs) {
      const { project } = await store.ask('run', { id });
      const listed = projects.find(({ name }) => name === project);
      assert.ok(listed && listed.runs > 0, `the project ${project} is listed, with its runs`);
    }
  }),

  reads('lists runs page by page, each once, newest first', async ({ store }) => {
    const whole = (await store.ask('runs', { query: { limit: '5' } })).runs;
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.ask('runs', { query: { limit: '2', ...(cursor && { cursor }) } });
      paged.push(...page.runs.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor && paged.length < whole.length);
    assert.deepEqual(
      paged.slice(0, whole.length),
      whole.map(({ id }) => id),
    );
    const created = whole.map(({ createdAt }) => createdAt);
    assert.deepEqual(
      created,
      created.toSorted((a, b) => b - a),
      'newest first',
    );
  }),

  reads('leaves config and summary out of lists unless asked', async ({ store, sample }) => {
    const where = [{ column: 'id', op: 'in', value: sample.runs }];
    const lean = await store.ask('queryRuns', { body: { where } });
    assert.deepEqual(lean.runs.map(({ id }) => id).sort(), [...sample.runs].sort());
    assert.ok(lean.runs.every(({ config, summary }) => config === undefined && summary === undefined));
    const full = await store.ask('queryRuns', { body: { where, include: ['config', 'summary'] } });
    assert.ok(
      full.runs.every(({ summary }) => summary !== undefined),
      'summary is there when asked for',
    );
  }),

  reads('finds runs by project, by text and by state', async ({ store, sample }) => {
    const run = await store.ask('run', { id: sample.runs[0] ?? '' });
    for (const query of [{ project: run.project }, { q: run.name }, { state: run.state }] as Record<string, string>[]) {
      const { runs } = await store.ask('runs', { query: { ...query, limit: '1000' } });
      assert.ok(
        runs.some(({ id }) => id === run.id),
        `${JSON.stringify(query)} finds the run`,
      );
    }
    const none = await store.ask('runs', { query: { q: 'no run is named like this \u{1F9EA}' } });
    assert.deepEqual(none.runs, []);
  }),

  reads('counts the keys and values of runs', async ({ store, sample }) => {
    const { keys } = await store.ask('queryKeys', { body: { runs: sample.runs } });
    const project = keys.find(({ key }) => key === 'project');
    assert.equal(project?.runs, sample.runs.length);
    const { values } = await store.ask('queryValues', { body: { key: 'project', runs: sample.runs } });
    assert.equal(
      values.reduce((sum, { runs }) => sum + runs, 0),
      sample.runs.length,
    );
  }),

  reads('lists metrics with the last value that a reading of them ends on', async (scene) => {
    const { metric } = metricOf(scene);
    const [run = ''] = scene.sample.runs;
    const { metrics } = await scene.store.ask('queryMetricList', { body: { runs: [run] } });
    const listed = metrics.find(({ name }) => name === metric);
    assert.ok(listed, `${metric} is listed`);
    const { series } = await scene.store.ask('queryMetrics', {
      body: { runs: [run], metrics: [metric], reduce: 'none' },
    });
    assert.equal(series[0]?.value.at(-1), listed.last);
    assert.equal(series[0]?.totalPoints, listed.points);
  }),

  reads('lists tables with the columns and rows that a page of them has', async (scene) => {
    const { runs, table } = tableOf(scene);
    const { tables } = await scene.store.ask('queryTableList', { body: { runs } });
    const listed = tables.find(({ name }) => name === table);
    const page = await scene.store.ask('queryRows', { body: { runs, table, limit: 0 } });
    assert.equal(listed?.rows, page.total);
    const names = (columns: { name: string; origin: string }[]) =>
      columns.filter(({ origin }) => origin === 'logged').map(({ name }) => name);
    assert.deepEqual(names(listed?.columns ?? []), names(page.columns));
  }),
];
