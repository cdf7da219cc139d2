import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { PROJECT_TOKENS, READER } from '../clients/projectTokens';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { WireClient } from './WireClient';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
let client: WireClient;
beforeAll(async () => {
  ours = await startOurs(PROJECT_TOKENS);
  client = new WireClient(ours.url, 'any');
});
afterAll(() => ours.stop());

const read = (run: string) => readRun(ours.url, run, READER);
let runs = 0;
/** Entries of a fresh run, and what reads it. */
function fresh(project = 'p') {
  const name = `run-${++runs}`;
  const entry = (step: unknown, metrics: object, more: object = {}) => ({
    project,
    run: name,
    run_id: `id-of-${name}`,
    metrics,
    step,
    config: null,
    log_id: `${name}/${step}/${Object.keys(metrics)}`,
    ...more,
  });
  return { name, entry, logged: read(name) };
}

describe('every call of a trainer is stored once', () => {
  it('however a client cuts what it sends again', async () => {
    const { entry, logged } = fresh();
    const entries = Array.from({ length: 8 }, (_, i) =>
      entry(i, { loss: i, t: { _type: 'trackio.table', _value: [{ a: i }] } }),
    );
    const [from, to] = [3, 6];
    await client.log(entries.slice(0, from));
    await client.log(entries.slice(1, to));
    await Promise.all([client.log(entries), client.log(entries.slice(2))]);
    await client.log([...entries].reverse());
    expect(await logged.points('loss')).toEqual(entries.map((_, i) => [i, i]));
    expect(await logged.rows('t', ['step', 'a'])).toEqual(entries.map((_, i) => [i, i]));
    expect((await logged.run()).attempts).toHaveLength(1);
  });

  it('also when the store was killed in between', async () => {
    const data = await makeFolder();
    const first = await startStore({ data });
    const { name, entry } = fresh();
    const entries = Array.from({ length: 30 }, (_, i) => entry(i, { loss: i }));
    await new WireClient(first.url).log(entries.slice(0, 20));
    await first.kill();
    const second = await startStore({ data });
    await new WireClient(second.url).log(entries.slice(7));
    const logged = readRun(second.url, name);
    expect(await logged.points('loss')).toEqual(entries.map((_, i) => [i, i]));
    expect((await logged.events()).map(({ type }) => type)).toEqual(['start']);
    await second.stop();
    await removeFolder(data);
  });

  it('system metrics and alerts too', async () => {
    const { name, entry, logged } = fresh();
    const timestamp = '2026-11-24T10:00:00.250000+00:00';
    const system = entry(undefined, { gpu: 50 }, { timestamp, log_id: 's' });
    const alert = {
      project: 'p',
      run: name,
      run_id: `id-of-${name}`,
      title: 'low',
      level: 'warn',
      alert_id: 'a',
      timestamp,
    };
    for (let i = 0; i < 2; i++) {
      await client.log([system, system], 'bulk_log_system');
      await client.ask('bulk_alert', { alerts: [alert] });
    }
    const time = Date.parse(timestamp);
    expect(await logged.times('system.gpu')).toEqual([[time, 50]]);
    expect((await logged.events()).filter(({ type }) => type === 'alert')).toEqual([
      { id: 'a', run: name, type: 'alert', title: 'low', time, values: { severity: 'warn' } },
    ]);
  });

  it('and what comes late, behind newer steps, is no other attempt', async () => {
    const { entry, logged } = fresh();
    const at = (step: number, metrics: object, more: object = {}) =>
      entry(step, { ...metrics, 'train/global_step': step }, more);
    await client.log([at(5, { loss: 5 })]);
    await client.log([at(15, { loss: 15 })]);
    const timestamp = new Date(Date.now() - 60_000).toISOString();
    // A training step and its evaluation, kept while the store was away.
    await client.log([at(10, { loss: 10 }, { timestamp }), at(10, { accuracy: 0.5 }, { timestamp })]);
    await client.log([at(20, { loss: 20 })]);
    expect((await logged.run()).attempts).toHaveLength(1);
    expect(await logged.points('loss')).toEqual([5, 10, 15, 20].map((step) => [step, step]));
    expect(await logged.points('accuracy')).toEqual([[10, 0.5]]);
    expect(await logged.points('train/global_step')).toEqual([5, 10, 15, 20].map((step) => [step, step]));
  });

  it('and a day of them, in one call, with the times at which they were logged', async () => {
    const { entry, logged } = fresh();
    const text = 'word '.repeat(1_200);
    const began = Date.parse('2026-11-24T00:00:00Z');
    const entries = Array.from({ length: 12_000 }, (_, i) =>
      entry(i, i % 2 === 0 ? { loss: i } : { loss: i, note: text }, {
        timestamp: new Date(began + 5_000 * i).toISOString().replace('Z', '+00:00'),
      }),
    );
    expect(JSON.stringify(entries).length).toBeGreaterThan(32 * 1024 * 1024);
    await client.log(entries);
    expect(await logged.points('loss')).toHaveLength(12_000);
    const times = await logged.times('loss');
    expect([times[0]?.[0], times.at(-1)?.[0]]).toEqual([began, began + 5_000 * 11_999]);
    expect((await logged.run()).createdAt).toBe(began);
    expect(await logged.count('texts')).toBe(6_000);
  });
});

describe('what does not fit', () => {
  it('is left out, told once a kind, and keeps nothing else from being stored', async () => {
    const { entry, logged } = fresh();
    const wide = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`c${i}`, i]));
    const table = (...rows: object[]) => ({ _type: 'trackio.table', _value: rows });
    for (const step of [1, 2]) {
      await client.log([
        entry(step, {
          loss: step,
          picture: { _type: 'trackio.image', file_path: 'x.png' },
          gallery: [{ _type: 'trackio.image', file_path: 'x.png' }],
          cells: table({ prompt: 'p', long: 'x'.repeat(5 * 1024 * 1024), seen: [{ _type: 'trackio.video' }], run: 1 }),
          wide: table(wide),
          long: 'x'.repeat(1_000_001),
          ['n'.repeat(300)]: 1,
        }),
        entry(step + 0.5, { odd: step }),
      ]);
    }
    expect(await logged.points('loss')).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect((await logged.times('odd')).map(([, value]) => value)).toEqual([1, 2]);
    expect(await logged.rows('cells', ['prompt', 'long', 'seen', 'logged_run'])).toEqual([
      ['p', null, null, 1],
      ['p', null, null, 1],
    ]);
    expect(await logged.tables()).toEqual(['cells']);
    const titles = (await logged.events()).filter(({ type }) => type === 'left_out').map(({ title }) => title);
    expect(titles.sort()).toEqual([
      'Not kept: oversized cells of tables',
      'Not kept: oversized values',
      'Not kept: steps that are no whole numbers',
      'Not kept: tables of more than 500 columns, or whose name is too long',
      'Not kept: trackio.image',
      'Not kept: trackio.video',
    ]);
  });

  it('a call that the store will never take is told, and keeps nothing else from coming', async () => {
    const { entry, logged } = fresh();
    const wide = Object.fromEntries(Array.from({ length: 450 }, (_, i) => [`c${i}`, i]));
    const tables = Array.from({ length: 12 }, (_, i) => [`t${i}`, { _type: 'trackio.table', _value: [wide] }]);
    for (const step of [1, 2]) {
      await client.log([
        entry(step, { loss: step }),
        entry(step, Object.fromEntries(tables)),
        entry(step, { x: step }),
      ]);
    }
    expect([await logged.points('loss'), await logged.points('x')]).toEqual([
      [
        [1, 1],
        [2, 2],
      ],
      [
        [1, 1],
        [2, 2],
      ],
    ]);
    expect(await logged.tables()).toEqual([]);
    expect((await logged.events()).filter(({ type }) => type === 'left_out')).toEqual([
      expect.objectContaining({
        title: expect.stringMatching(/^Not kept: a call, since .*\(columnsOfCall\)/),
        text: expect.stringContaining('step 1'),
      }),
    ]);
  });

  it('saved files are told at the newest run of their project, else the client is told', async () => {
    const { name, entry, logged } = fresh('files');
    const uploads = [{ project: 'files', run: null, uploaded_file: { path: 'not-kept', orig_name: 'notes.txt' } }];
    await expect(client.ask('bulk_upload_media', { uploads })).rejects.toThrow('keeps no files');
    await client.log([entry(0, { loss: 1 })]);
    await client.ask('bulk_upload_media', { uploads });
    expect((await logged.events()).at(-1)).toMatchObject({
      run: name,
      type: 'left_out',
      text: expect.stringContaining('notes.txt'),
    });
  });
});

describe('a run', () => {
  it('has the id that is free: its name, else with its project, else with its own id', async () => {
    const put = (id: string, project: string) =>
      fetch(`${ours.url}/api/v1/runs/${encodeURIComponent(id)}`, {
        method: 'PUT',
        body: JSON.stringify({ project }),
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      });
    await put('taken', 'other');
    await put('p/taken', 'p');
    const entry = { project: 'p', run: 'taken', run_id: '0123456789abcdef', metrics: { loss: 1 }, step: 0 };
    await Promise.all([client.log([entry]), client.log([{ ...entry, step: 1 }])]);
    expect(await read('taken-01234567').run()).toMatchObject({ name: 'taken', project: 'p', lastStep: 1 });
    expect((await read('p/taken').run()).lastStep).toBeUndefined();
  });

  it('that was deleted is made anew by what still comes', async () => {
    const { name, entry, logged } = fresh();
    await client.log([entry(0, { loss: 1, x: { _type: 'trackio.image' } })]);
    await fetch(`${ours.url}/api/v1/runs/${name}`, { method: 'DELETE', headers: { authorization: 'Bearer any' } });
    await client.log([entry(1, { loss: 2, x: { _type: 'trackio.image' } })]);
    expect(await logged.points('loss')).toEqual([[1, 2]]);
    expect((await logged.events()).map(({ type }) => type)).toEqual(['start', 'left_out']);
  });
});

describe('who may', () => {
  it('is asked of every call', async () => {
    const { name, entry } = fresh('a');
    const status = async (as: WireClient) => [
      (await as.call('bulk_log', { logs: [entry(0, { loss: 1 })] })).status,
      (await as.call('get_runs_for_project', { project: 'a' })).status,
      (await as.call('get_run_summary', { project: 'a', run: name })).status,
      (await as.call('bulk_alert', { alerts: [{ project: 'a', run: name, title: 'x' }] })).status,
      (await as.call('bulk_upload_media', { uploads: [{ project: 'a', run: null }] })).status,
      (await as.call('artifact_log', { project: 'a', run_name: name, manifest: [] })).status,
    ];
    const each = (expected: number) => Array(6).fill(expected);
    expect(await status(new WireClient(ours.url, 'team-b'))).toEqual(each(403));
    await expect(read(name).run()).rejects.toThrow('run_not_found');
    expect(await status(new WireClient(ours.url, 'team-a'))).toEqual(each(200));
    expect(await status(new WireClient(ours.url, undefined, { authorization: 'Bearer team-a' }))).toEqual(each(200));
    // The same for runs that are there.
    expect(await status(new WireClient(ours.url, 'team-b'))).toEqual(each(403));
    for (const [token, expected] of [
      ['wrong', 401],
      [undefined, 401],
      ['', 401],
      [READER, 403],
    ] as const) {
      const as = new WireClient(ours.url, token);
      expect(await status(as)).toEqual(each(expected));
      expect((await as.call('no_such_call', {})).status).toBe(expected);
      expect((await as.send('upload', 'x')).status).toBe(expected);
    }
    // The token of the header counts, and no other beside it.
    const both = new WireClient(ours.url, 'wrong', { authorization: 'Bearer any' });
    expect((await both.call('get_runs_for_project', { project: 'a' })).status).toBe(401);
  });

  it('says nothing of runs of other projects', async () => {
    expect(await new WireClient(ours.url, 'team-b').ask('get_runs_for_project', { project: 'b' })).toEqual([]);
  });

  it('write to a store without tokens is nobody from another page, or through a proxy', async () => {
    const open = await startOurs();
    const status = async (headers: Record<string, string>) =>
      (await new WireClient(open.url, 'x', headers).call('bulk_log', { logs: [] })).status;
    expect(await status({})).toBe(200);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({ 'x-forwarded-for': '1.1.1.1' })).toBe(403);
    await open.stop();
  });
});

describe('errors', () => {
  it('come in the form that the client shows', async () => {
    expect(await (await fetch(`${ours.url}/version`)).json()).toEqual({ api_version: 1 });
    const answer = await client.call('query_project', { project: 'p', query: 'SELECT 1' });
    expect([answer.status, await answer.json()]).toEqual([200, { error: expect.stringContaining('query_project') }]);
  });

  it('and in the contract’s form for what is no call of trackio', async () => {
    for (const body of ['{"entries": []}', '[]', '{"args": {}, "kwargs": {}}']) {
      const answer = await client.send('log', body);
      expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'route_not_found' } }]);
    }
    expect((await client.send('bulk_log', '{"args":')).status).toBe(400);
    expect((await client.call('bulk_log', {})).status).toBe(400);
  });

  it('a call beyond the limit is refused before it is read', async () => {
    const type = { 'content-type': 'application/json' };
    const headers = { ...type, 'content-length': 129 * 1024 * 1024, 'x-trackio-write-token': 'any' };
    const sent = request(`${ours.url}/api/bulk_log`, { method: 'POST', headers });
    sent.flushHeaders();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    sent.destroy();
  });
});
