import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError, StoreUnderTest } from './StoreUnderTest';
import { type OurStore, startOurs } from './startOurs';

describe('tokens by project', () => {
  let ours: OurStore;
  const as = (token?: string) => new StoreUnderTest(ours.url, token);
  const table = { columns: ['prompt', 'reward'], rows: [['p', 1]] };

  beforeAll(async () => {
    ours = await startOurs({
      all: { scopes: ['read', 'write'], projects: ['*'] },
      'team-a': { scopes: ['read', 'write'], projects: ['a', 'shared-*'] },
      'read-a': { scopes: ['read'], projects: ['a'] },
      'write-a': { scopes: ['write'], projects: ['a'] },
    });
    for (const [id, project] of [
      ['ra', 'a'],
      ['rb', 'b'],
      ['rs', 'shared-x'],
    ] as const) {
      await as('all').ask('putRun', { id, body: { project } });
      await as('all').ask('log', { id, body: { entries: [{ step: 1, metrics: { m: 1 }, tables: { t: table } }] } });
      await as('all').ask('logEvents', { id, body: { events: [{ type: 'note', title: id }] } });
    }
  });
  afterAll(() => ours.stop());

  it('shows a token its own projects alone, in every list', async () => {
    const a = as('team-a');
    expect((await a.ask('projects')).projects.map(({ name }) => name).sort()).toEqual(['a', 'shared-x']);
    expect((await a.ask('runs')).runs.map(({ id }) => id).sort()).toEqual(['ra', 'rs']);
    expect((await a.ask('runs', { query: { project: 'b' } })).runs).toEqual([]);
    expect((await a.ask('queryRuns', { body: {} })).runs).toHaveLength(2);
    expect((await a.ask('events', { query: { types: 'note' } })).events.map(({ run }) => run).sort()).toEqual([
      'ra',
      'rs',
    ]);
    const { keys } = await a.ask('queryKeys', { body: {} });
    expect(keys.find(({ key }) => key === 'project')?.runs).toBe(2);
    const { values } = await a.ask('queryValues', { body: { key: 'project' } });
    expect(values.map(({ value }) => value).sort()).toEqual(['a', 'shared-x']);
  });

  it("answers 404 for another project's run, on every path", async () => {
    const a = as('team-a');
    const runs = ['rb'];
    await a.refuse('run', 'run_not_found', { id: 'rb' });
    await a.refuse('queryMetricList', 'run_not_found', { body: { runs } });
    await a.refuse('queryTableList', 'run_not_found', { body: { runs } });
    await a.refuse('queryMetrics', 'run_not_found', { body: { runs, metrics: ['m'] } });
    await a.refuse('queryRows', 'run_not_found', { body: { runs, table: 't' } });
    await a.refuse('queryDistribution', 'run_not_found', { body: { runs, table: 't', column: 'reward' } });
    await a.refuse('queryFacets', 'run_not_found', { body: { runs, table: 't', lenses: true } });
    await a.refuse('queryGroups', 'run_not_found', { body: { runs, table: 't' } });
    await a.refuse('createExport', 'run_not_found', { body: { runs, table: 't', format: 'csv' } });
    await a.refuse('log', 'run_not_found', { id: 'rb', body: { entries: [] } });
    await a.refuse('logEvents', 'run_not_found', { id: 'rb', body: { events: [{ type: 'x', title: 'x' }] } });
    await a.refuse('finish', 'run_not_found', { id: 'rb' });
    await a.refuse('deleteRun', 'run_not_found', { id: 'rb' });
    expect((await a.ask('events', { query: { run: 'rb' } })).events).toEqual([]);
    const [rowId = ''] = (await as('all').ask('queryRows', { body: { runs, table: 't' } })).rowIds;
    await a.refuse('row', 'row_not_found', { id: rowId });
  });

  it("gives nothing of another project's run away beside a run of one's own", async () => {
    const answer = await as('team-a').ask('queryRows', { body: { runs: ['ra', 'rb', 'none'], table: 't' } });
    expect(answer.missing?.runs?.sort()).toEqual(['none', 'rb']);
    expect(answer.total).toBe(1);
    const where = { runs: { where: [] }, table: 't' };
    expect((await as('team-a').ask('queryRows', { body: where })).total).toBe(2);
  });

  it('lets a token write in its own projects alone', async () => {
    const a = as('team-a');
    await a.ask('putRun', { id: 'new', body: { project: 'shared-new' } });
    await a.refuse('putRun', 'not_allowed', { id: 'other', body: { project: 'b' } });
    await as('all').refuse('putRun', 'project_conflict', { id: 'rb', body: { project: 'a' } });
    await as('read-a').refuse('putRun', 'not_allowed', { id: 'ra', body: { project: 'a' } });
    await as('write-a').refuse('run', 'not_allowed', { id: 'ra' });
    await as('write-a').ask('log', { id: 'ra', body: { entries: [] } });
  });

  it("makes a run of one's own where another project has one of that id", async () => {
    const [a, all] = [as('team-a'), as('all')];
    // The size of a run is measured now and then.
    const ofB = async () => {
      const { bytes: _, ...run } = await all.ask('run', { id: 'rb' });
      return run;
    };
    const before = await ofB();
    expect(await a.ask('putRun', { id: 'rb', body: { project: 'a' } })).toMatchObject({ id: 'rb', project: 'a' });
    await a.ask('log', { id: 'rb', body: { entries: [{ step: 5, metrics: { mine: 1 } }] } });
    expect(await a.ask('run', { id: 'rb' })).toMatchObject({ id: 'rb', project: 'a', summary: { mine: 1 } });
    expect(await ofB()).toEqual(before);
    // Who sees both tells them apart; the id that the store has for it is known to all who see it.
    const [own] = (await all.ask('runs', { query: { project: 'a', q: 'rb' } })).runs;
    expect(own?.id).toMatch(/^rb~[0-9a-f]{12}$/);
    expect(await all.ask('run', { id: own?.id ?? '' })).toMatchObject({ id: own?.id, summary: { mine: 1 } });
    expect(await a.ask('run', { id: own?.id ?? '' })).toMatchObject({ id: 'rb', summary: { mine: 1 } });
    expect(await a.ask('deleteRun', { id: 'rb' })).toEqual({ deleted: 'rb' });
    await a.refuse('run', 'run_not_found', { id: 'rb' });
    expect(await ofB()).toEqual(before);
  });

  it('binds an export to the token that asked for it', async () => {
    const ticket = await as('read-a').ask('createExport', { body: { runs: ['ra'], table: 't', format: 'csv' } });
    await expectError(await as('all').fetch(ticket.path), 'export_not_found', 'another token');
    await expectError(await as().fetch(ticket.path), 'token_missing', 'no token');
    const head = await as('read-a').fetch(ticket.path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await as('read-a').fetch(ticket.path)).status).toBe(200);
  });
});
