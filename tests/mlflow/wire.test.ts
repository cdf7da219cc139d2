import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { experimentIdOf } from '../../store/mlflow/experimentId';
import { PROJECT_TOKENS, READER } from '../clients/projectTokens';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { WireClient } from './WireClient';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
let client: WireClient;
beforeAll(async () => {
  ours = await startOurs(PROJECT_TOKENS);
  client = new WireClient(ours.url);
});
afterAll(() => ours.stop());

let runs = 0;
/** A fresh run: its id for MLflow, and what reads it. */
async function fresh(fields: Record<string, unknown> = {}) {
  const name = `run-${++runs}`;
  const id = await client.begin(experimentIdOf('p'), { run_name: name, ...fields });
  return { id, name, logged: readRun(ours.url, name, READER) };
}
const point = (step: number, value: unknown = step, key = 'loss') => ({ key, value, step, timestamp: 1.8e12 + step });
const tags = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

describe('experiments', () => {
  it('are projects, known by ids that say their names', async () => {
    const byName = () => client.get('experiments/get-by-name', { experiment_name: 'new one' });
    await expect(byName()).rejects.toThrow('404 RESOURCE_DOES_NOT_EXIST');
    const { experiment_id: id } = await client.post('experiments/create', { name: 'new one' });
    expect(id).toBe(experimentIdOf('new one'));
    const view = { experiment_id: id, name: 'new one', lifecycle_stage: 'active' };
    expect(await byName()).toMatchObject({ experiment: view });
    expect(await client.get('experiments/get', { experiment_id: String(id) })).toMatchObject({ experiment: view });
    expect(await client.post('experiments/create', { name: 'new one' })).toEqual({ experiment_id: id });
    await client.begin('0', { run_name: 'of the default' });
    expect(await readRun(ours.url, 'of the default', READER).run()).toMatchObject({ project: 'Default' });
    const { experiments } = await client.post('experiments/search', {});
    expect(experiments).toEqual(expect.arrayContaining([expect.objectContaining(view)]));
  });

  it('is found by its name, and in order, a page at a time', async () => {
    const names = ['order a', 'order b', "order c's"];
    for (const [i, name] of names.entries()) {
      await client.begin(experimentIdOf(name), { run_name: `of ${name}`, start_time: 1.7e12 + i });
    }
    const search = async (body: Record<string, unknown>) => {
      const { experiments, ...rest } = await client.post('experiments/search', body);
      return [(experiments as Array<{ name: string }>).map(({ name }) => name), rest];
    };
    expect(await search({ filter: "name = 'order b'" })).toEqual([['order b'], {}]);
    expect(await search({ filter: `name = "order c's"`, max_results: 1 })).toEqual([["order c's"], {}]);
    expect(await search({ filter: "name = 'order'" })).toEqual([[], {}]);
    const like = { filter: "name LIKE 'order %'", order_by: ['creation_time DESC'], max_results: 2 };
    expect(await search(like)).toEqual([["order c's", 'order b'], { next_page_token: '2' }]);
    expect(await search({ ...like, page_token: '2' })).toEqual([['order a'], {}]);
    expect(await search({ ...like, order_by: ['name ASC'] })).toEqual([
      ['order a', 'order b'],
      { next_page_token: '2' },
    ]);
    expect(await search({ ...like, view_type: 'DELETED_ONLY' })).toEqual([[], {}]);
    await expect(search({ filter: 'metrics' })).rejects.toThrow('400 INVALID_PARAMETER_VALUE');
  });
});

describe('a call', () => {
  it('that is sent again is taken once, and one with other points is another', async () => {
    const { id, logged } = await fresh();
    const batch = (steps: number[]) => ({ run_id: id, metrics: steps.map((step) => point(step)) });
    await client.post('runs/log-batch', batch([0, 1, 2]));
    await Promise.all([client.post('runs/log-batch', batch([3])), client.post('runs/log-batch', batch([3]))]);
    await client.post('runs/log-batch', batch([0, 1, 2]));
    await client.post('runs/log-metric', { run_id: id, ...point(4) });
    await client.post('runs/log-metric', { run_id: id, ...point(4) });
    expect(await logged.points('loss', 'all')).toEqual([0, 1, 2, 3, 4].map((step) => [step, step]));
    expect((await logged.run()).attempts).toHaveLength(1);
  });

  it('is taken whole or not at all', async () => {
    const { id, logged } = await fresh();
    const batch = { run_id: id, metrics: [point(0), point(1, 'much')], params: tags({ lr: '0.1' }) };
    await expect(client.post('runs/log-batch', batch)).rejects.toThrow(
      '400 INVALID_PARAMETER_VALUE: metrics[1].value must be a number.',
    );
    expect(await logged.run()).toMatchObject({ summary: {}, attempts: [] });
    expect((await logged.run()).config).not.toHaveProperty('lr');
  });

  it('has what protocol buffers write: numbers as texts, steps left out', async () => {
    const { id, logged } = await fresh();
    const metrics = [
      { key: 'a', value: 'Infinity', step: '7', timestamp: '1800000000000' },
      { key: 'a', value: 1, timestamp: 1_800_000_000_001 },
    ];
    await client.post('runs/log-batch', { run_uuid: id, metrics });
    expect(await logged.points('a')).toEqual([
      [0, 1],
      [7, 'Infinity'],
    ]);
    expect(await logged.times('a')).toEqual([
      [1.8e12, 'Infinity'],
      [1.8e12 + 1, 1],
    ]);
  });

  it('whose names do not fit is taken without these, and that is told', async () => {
    const { id, logged } = await fresh();
    const long = 'x'.repeat(257);
    await client.post('runs/log-batch', {
      run_id: id,
      metrics: [point(0, 1, long), point(0)],
      params: tags({ '': 'y' }),
    });
    expect(await logged.points('loss')).toEqual([[0, 0]]);
    expect((await logged.events()).map(({ title }) => title).slice(1)).toEqual([
      'Not kept: metrics whose names are empty or too long',
      'Not kept: params whose names are empty or too long',
    ]);
  });
});

describe('a run', () => {
  it('keeps its id and its name, whatever a client sets', async () => {
    const { id, name, logged } = await fresh({ tags: tags({ stage: 'a', 'mlflow.user': 'me' }) });
    const taken = tags({ 'mlflow.runId': 'stolen', lr: '1' });
    await client.post('runs/log-batch', { run_id: id, params: taken, tags: tags({ 'mlflow.runId': 'stolen' }) });
    await client.post('runs/update', { run_id: id, run_name: 'renamed' });
    await client.post('runs/set-tag', { run_id: id, key: 'stage', value: 'b' });
    await client.post('runs/delete-tag', { run_id: id, key: 'mlflow.runId' });
    await client.post('runs/delete-tag', { run_id: id, key: 'lr' });
    await client.post('runs/delete-tag', { run_id: id, key: 'mlflow.user' });
    expect(await logged.run()).toMatchObject({ id: name, name: 'renamed', tags: ['stage=b'] });
    expect((await logged.run()).config).toEqual({ 'mlflow.runId': id, lr: 1 });
    expect(await client.get('runs/get', { run_id: id })).toMatchObject({
      run: { info: { run_id: id, run_name: 'renamed' }, data: { params: [{ key: 'lr', value: '1' }] } },
    });
  });

  it('has no more tags than are remembered, and says so', async () => {
    const { id, logged } = await fresh({ tags: tags({ long: 'x'.repeat(100_001) }) });
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`t${i}`, 'v']));
    await client.post('runs/log-batch', { run_id: id, tags: tags(many) });
    const { tags: labels, config } = await logged.run();
    expect([labels.length, config?.t100, config?.t1000, config?.long]).toEqual([100, 'v', undefined, undefined]);
    expect((await logged.events()).map(({ title }) => title).slice(1)).toEqual([
      'Not kept: tags longer than 100000 characters',
      'Not kept: tags beyond 1000',
    ]);
  });

  it('begins attempts only where a client takes it up again', async () => {
    const { id, logged } = await fresh();
    const log = (steps: number[]) =>
      client.post('runs/log-batch', {
        run_id: id,
        metrics: steps.map((step) => ({ ...point(step), timestamp: ++runs })),
      });
    await log([0, 1, 2, 0, 1, 2]);
    expect((await logged.run()).attempts).toHaveLength(1);
    for (const _ of [1, 2]) {
      await client.post('runs/update', { run_id: id, status: 'RUNNING' });
    }
    await log([1, 2, 3, 1, 2]);
    expect((await logged.run()).attempts.map(({ fromStep }) => fromStep)).toEqual([0, 1]);
  });

  it('is in the state that its client says, until it falls silent', async () => {
    const { id, logged } = await fresh();
    const status = async (value: string) => {
      await client.post('runs/update', { run_id: id, status: value, end_time: 1.8e12 });
      return (await logged.run()).state;
    };
    expect(await status('FINISHED')).toBe('finished');
    await client.post('runs/log-metric', { run_id: id, ...point(1) });
    expect((await logged.run()).state).toBe('finished');
    expect(await status('RUNNING')).toBe('running');
    expect(await status('KILLED')).toBe('failed');
    await expect(status('ODD')).rejects.toThrow('400 INVALID_PARAMETER_VALUE: status must be');
  });

  it('is found by what it is, page by page', async () => {
    const experiment = experimentIdOf('searched');
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      const id = await client.begin(experiment, { run_name: `find ${name}`, start_time: 1.8e12 + i });
      await client.post('runs/log-batch', {
        run_id: id,
        params: tags({ lr: `0.${i}` }),
        tags: tags({ odd: String(i % 2) }),
      });
    }
    const search = async (more: Record<string, unknown>) => {
      const { runs: found, ...rest } = await client.post('runs/search', { experiment_ids: [experiment], ...more });
      return [(found as Array<{ info: { run_name: string } }>).map(({ info }) => info.run_name), rest];
    };
    expect(await search({})).toEqual([['find c', 'find b', 'find a'], {}]);
    expect(await search({ max_results: 2 })).toEqual([['find c', 'find b'], { next_page_token: '2' }]);
    expect(await search({ max_results: 2, page_token: '2' })).toEqual([['find a'], {}]);
    expect(await search({ filter: "attributes.run_name = 'find b' and params.lr = '0.1'" })).toEqual([['find b'], {}]);
    expect(await search({ filter: "tags.odd != '0'" })).toEqual([['find b'], {}]);
    expect(await search({ filter: "params.lr IN ('0.0', '0.2')", order_by: ['params.lr ASC'] })).toEqual([
      ['find a', 'find c'],
      {},
    ]);
    expect(await search({ filter: 'metrics.loss < 1' })).toEqual([[], {}]);
    expect(await search({ run_view_type: 'DELETED_ONLY' })).toEqual([[], {}]);
    await expect(search({ filter: 'loss < 1' })).rejects.toThrow(/400 INVALID_PARAMETER_VALUE: .*The run store takes/);
  });
});

describe('tables', () => {
  const table = (...rows: unknown[][]) => JSON.stringify({ columns: ['n'], data: rows });

  it('that come again are taken once; after a listing they are new rows', async () => {
    const { id, logged } = await fresh();
    await client.upload(id, 'd/t.json', table([1]));
    await client.upload(id, 'd/t.json', table([1]));
    expect(await client.list(id, 'd')).toEqual({ files: [] });
    await client.upload(id, 'd/t.json', table([1]));
    await client.upload(id, 'd/t.json', table([1]));
    await client.list(id);
    await client.upload(id, 'd/t.json', table([1], [2]));
    await client.upload(id, 'd/t.json', table([1], [2]));
    expect(await logged.rows('d/t', ['n'])).toEqual([[1], [1], [2]]);
  });

  it('have names of the client, and no file has', async () => {
    const { id, logged } = await fresh();
    for (const path of ['../../up.json', '/etc/x.json', 'a b/\u00e9 \u{1f44d}.json']) {
      const address = `mlflow-artifacts/artifacts/${id}/${encodeURIComponent(path)}`;
      await WireClient.checked(await client.send('PUT', address, table([1])));
    }
    expect((await logged.tables()).sort()).toEqual(['../../up', 'a b/\u00e9 \u{1f44d}', 'etc/x']);
    await expect(client.upload('0'.repeat(32), 'x.json', '{}')).rejects.toThrow('404 RESOURCE_DOES_NOT_EXIST');
    const given = await client.send('GET', `mlflow-artifacts/artifacts/${id}/up.json`);
    expect([given.status, await given.json()]).toEqual([
      404,
      expect.objectContaining({ error_code: 'RESOURCE_DOES_NOT_EXIST' }),
    ]);
  });
});

describe('who may', () => {
  it('is asked of every call', async () => {
    const of = (token: string) => new WireClient(ours.url, token);
    const id = await of('team-a').begin(experimentIdOf('a'), { run_name: 'run of a' });
    const log = (token: string) => of(token).post('runs/log-metric', { run_id: id, ...point(1) });
    await log('team-a');
    await expect(log('wrong')).rejects.toThrow('401 UNAUTHENTICATED');
    await expect(log(READER)).rejects.toThrow('403 PERMISSION_DENIED');
    await expect(log('team-b')).rejects.toThrow('404 RESOURCE_DOES_NOT_EXIST');
    await expect(of('team-b').get('runs/get', { run_id: id })).rejects.toThrow('404 RESOURCE_DOES_NOT_EXIST');
    await expect(of('team-b').begin(experimentIdOf('a'))).rejects.toThrow('403 PERMISSION_DENIED');
    await expect(of('team-b').post('experiments/create', { name: 'a' })).rejects.toThrow('403 PERMISSION_DENIED');
    await expect(of('team-b').get('experiments/get-by-name', { experiment_name: 'a' })).rejects.toThrow('404');
    await expect(of('team-b').upload(id, 'x.json', '[]')).rejects.toThrow('404 RESOURCE_DOES_NOT_EXIST');
    expect(await of('team-b').post('runs/search', { experiment_ids: [experimentIdOf('a')] })).toEqual({ runs: [] });
    for (const path of ['mlflow/anything', 'mlflow-artifacts/artifacts/x', 'other']) {
      expect((await of('wrong').send('PUT', path)).status).toBe(401);
    }
  });
});
