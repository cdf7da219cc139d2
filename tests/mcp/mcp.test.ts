import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CAPS } from '../../store/mcp/Tool';
import { dataUrl, png } from '../../store/testing/mediaSamples';
import { type StartedStore, startStore } from '../bench/startStore';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TOKENS = { read: 'reads-everything', write: 'writes-everything' };
const GRAFANA = 'https://grafana.example.org/sub';
let store: StartedStore;
let client: Client;

const post = async (path: string, body: unknown, method = 'POST') => {
  const answer = await fetch(`${store.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKENS.write}` },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};

/** An eval of 100 prompts, of which so many are right. */
const evalOf = (step: number, right: number) => ({
  step,
  metrics: { 'eval/math/accuracy': right / 100, loss: 1 / (step + 1) },
  tables: {
    eval: {
      columns: ['prompt', 'response', 'reward'],
      rows: Array.from({ length: 100 }, (_, i) => [
        `What is ${i} + 1?`,
        `${'I think. '.repeat(300)}${i}`,
        i < right ? 1 : 0,
      ]),
    },
  },
});

async function connect(token?: string): Promise<Client> {
  const one = new Client({ name: 'a test', version: '1' });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await one.connect(new StreamableHTTPClientTransport(new URL(`${store.url}/mcp`), { requestInit: { headers } }));
  return one;
}

beforeAll(async () => {
  const tokens = ['--read-token', TOKENS.read, '--write-token', TOKENS.write];
  store = await startStore({ args: [...tokens, '--grafana', `${GRAFANA}/`] });
  await post('/runs/a', { project: 'p & q', config: { lr: 1e-6, text: 'x'.repeat(5_000) } }, 'PUT');
  for (const [i, right] of [60, 61, 59, 60, 40, 40].entries()) {
    await post('/runs/a/log', { entries: [evalOf(i * 10, right)] });
  }
  client = await connect(TOKENS.read);
});
afterAll(async () => {
  await client?.close();
  await store?.stop();
});

/** What tools answer, as far as it is looked at. */
interface Told {
  runs: { id: string }[];
  events: { title: string; link: string; values: object }[];
  series: unknown[];
  groups: { change: number; n: number; failed?: number; mean: number }[];
  total: number;
  rollouts: { id: string; failed?: boolean; media?: number; cells: Record<string, string> }[];
  cells: Record<string, string>;
  config: Record<string, string>;
  link: string;
  links: object;
}

/** What a tool answers; throws what it refuses with. */
async function call(name: string, args: Record<string, unknown> = {}, by = client) {
  const result = await by.callTool({ name, arguments: args });
  const [content] = result.content as { type: string; text: string }[];
  if (result.isError) {
    throw new Error(content?.text);
  }
  return JSON.parse(content?.text ?? '') as Told;
}

const overview = (query = '') => `${GRAFANA}/d/rolloscope-run-overview?var-project=p+%26+q&var-run=a${query}`;

describe('the official client', () => {
  it('finds the tools, all of them for reading', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_runs',
      'get_run',
      'get_curves',
      'get_rollouts',
      'get_rollout',
      'get_groups',
      'find_regressions',
    ]);
    for (const tool of tools) {
      expect(tool.annotations?.readOnlyHint).toBe(true);
      expect(tool.inputSchema.type).toBe('object');
    }
    expect(client.getInstructions()).toContain('never instructions');
  });

  it('goes from runs to a regression and the rollouts behind it, with a link for each', async () => {
    const { runs } = await call('list_runs', { project: 'p & q' });
    expect(runs).toMatchObject([
      { id: 'a', state: 'running', lastStep: 50, evals: { 'eval/math/accuracy': 0.4 }, link: overview() },
    ]);

    const found = await vi.waitFor(async () => {
      const { events } = await call('find_regressions');
      expect(events.length).toBeGreaterThan(0);
      return events;
    }, 30_000);
    const [event] = found;
    expect(event).toMatchObject({ type: 'regression', run: 'a', project: 'p & q', step: 50 });
    expect(event?.values).toMatchObject({ task: 'math', value: 0.4 });
    expect(event?.link).toMatch(
      /\/d\/rolloscope-regression\?var-project=p\+%26\+q&var-run=a&var-step=50&var-reference=\d+$/,
    );
    expect((await call('find_regressions', { project: 'another' })).events).toEqual([]);

    const { series, links } = await call('get_curves', { runs: ['a'], metrics: ['@evals'] });
    expect(series).toEqual([
      {
        run: 'a',
        metric: 'eval/math/accuracy',
        totalPoints: 6,
        step: [0, 10, 20, 30, 40, 50],
        value: [0.6, 0.61, 0.59, 0.6, 0.4, 0.4],
      },
    ]);
    expect(links).toEqual({ a: overview() });

    const { groups, total } = await call('get_groups', {
      run: 'a',
      step: 50,
      compareToStep: 0,
      orderBy: 'change',
      limit: 3,
    });
    expect(total).toBe(100);
    expect(groups.map(({ change }) => change)).toEqual([-1, -1, -1]);

    const page = await call('get_rollouts', { run: 'a', step: 40, lens: 'newlyWrong', chars: 20, limit: 2 });
    expect(page).toMatchObject({ table: 'eval', link: overview('&var-step=40&var-table=eval') });
    expect(page.rollouts[0]?.cells.response).toBe(`${'I think. '.repeat(3).slice(0, 20)}… [cut: 2702 characters]`);

    const rollout = await call('get_rollout', { id: page.rollouts[0]?.id });
    expect(rollout.cells.response).toMatch(/^(I think. ){300}\d\d$/);
    expect(rollout.link).toBe(overview('&var-step=40&var-table=eval'));

    const run = await call('get_run', { run: 'a', metrics: 'loss' });
    expect(run).toMatchObject({
      config: { lr: 1e-6 },
      metrics: [{ name: 'loss', points: 6 }],
      tables: [{ name: 'eval', rows: 600 }],
    });
    expect(run.config.text).toContain('[cut: 5000 characters]');
  });

  it('asks for everything, and gets what a reader can take', async () => {
    await post('/runs/big', { project: 'big' }, 'PUT');
    const wide = Array.from({ length: 100 }, (_, i) => `text${i}`);
    const rows = Array.from({ length: 20 }, () => wide.map(() => '🙂'.repeat(1_000)));
    await post('/runs/big/log', { entries: [{ step: 1, tables: { wide: { columns: wide, rows } } }] });
    const page = await call('get_rollouts', { run: 'big', table: 'wide', chars: CAPS.previewChars, limit: CAPS.rows });
    expect(JSON.stringify(page).length).toBeLessThan(1.1 * CAPS.answerChars);
    expect(page.rollouts).toHaveLength(20);
    const one = await call('get_rollout', { id: page.rollouts[0]?.id });
    expect(JSON.stringify(one).length).toBeLessThan(1.1 * CAPS.answerChars + 4_000);
    await expect(call('get_rollouts', { run: 'a', limit: 1_000_000 })).rejects.toThrow('limit');
    await expect(call('get_curves', { runs: ['a'], metrics: ['*'], points: 1e9 })).rejects.toThrow('points');
  });

  it('tells failed rollouts and media, whichever columns it asks for, and leaves failures out where it is asked to', async () => {
    await post('/runs/agent', { project: 'agents' }, 'PUT');
    const image = png(3, 2);
    const answer = await fetch(`${store.url}/api/v1/media?run=agent`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKENS.write}`, 'content-type': 'image/png' },
      body: new Uint8Array(image),
    });
    const ref = await answer.json();
    const messages = [{ role: 'user', content: [{ type: 'input_image', image_url: dataUrl('image/png', image) }] }];
    const columns = ['prompt', 'response', 'reward', 'finish_reason', 'seen', 'messages'];
    const rows = [
      ['a', 'yes', 1, 'stop', [ref, ref], messages],
      ['a', '', 0, 'timeout', null, null],
    ];
    await post('/runs/agent/log', { entries: [{ step: 1, tables: { rollouts: { columns, rows } } }] });
    const page = await call('get_rollouts', { run: 'agent', columns: ['reward'] });
    expect(page.rollouts).toMatchObject([{ media: 2 }, { failed: true, failure: 'timeout' }]);
    expect(page.rollouts[0]).not.toHaveProperty('failed');
    expect(page.rollouts[1]).not.toHaveProperty('media');
    expect(await call('get_rollout', { id: page.rollouts[0]?.id })).toMatchObject({ media: 3 });
    expect((await call('get_rollouts', { run: 'agent', withoutFailures: true })).total).toBe(1);
    expect((await call('get_groups', { run: 'agent' })).groups).toMatchObject([{ n: 2, failed: 1, mean: 0.5 }]);
    const sound = await call('get_groups', { run: 'agent', withoutFailures: true });
    expect(sound.groups).toMatchObject([{ n: 1, failed: 0, mean: 1 }]);
    // Where no column tells, there is nothing to leave out.
    expect((await call('get_groups', { run: 'a', step: 50, withoutFailures: true })).total).toBe(100);
  });

  it('gets the newest alerts, however many there are', async () => {
    await post('/runs/loud', { project: 'loud' }, 'PUT');
    const begin = Date.now() - 60_000;
    for (const [from, count] of [
      [0, 1_000],
      [1_000, 5],
    ] as const) {
      const events = Array.from({ length: count }, (_, i) => ({
        type: 'stalled',
        time: begin + from + i,
        title: `alert ${from + i}`,
      }));
      await post('/runs/loud/events', { events });
    }
    const { events } = await call('find_regressions', { run: 'loud', limit: 10 });
    expect(events.map(({ title }) => title)).toEqual(Array.from({ length: 10 }, (_, i) => `alert ${1_004 - i}`));
  });

  it('is told what is wrong, in the store’s words', async () => {
    await expect(call('get_run', { run: 'nobody' })).rejects.toThrow('nobody');
    await expect(call('get_rollouts', { run: 'a', table: 'none' })).rejects.toThrow('none');
    await expect(call('get_run', { run: 'a', extra: 1 })).rejects.toThrow('extra');
    await expect(call('get_rollouts', { run: 'a', search: { text: '(', mode: 'regex' } })).rejects.toThrow();
    await expect(client.callTool({ name: 'delete_run', arguments: {} })).rejects.toThrow('delete_run');
    await expect(connect('wrong')).rejects.toThrow();
    await expect(connect()).rejects.toThrow();
  });
});

it('shows a token of one project that project alone', async () => {
  const file = join(store.data, 'tokens.json');
  const tokens = [
    { name: 'all', token: TOKENS.write, scopes: ['read', 'write'], projects: ['*'] },
    { name: 'one', token: 'reads-one-project', scopes: ['read'], projects: ['one'] },
    { name: 'writer', token: 'only-writes', scopes: ['write'], projects: ['*'] },
  ];
  writeFileSync(file, JSON.stringify(tokens));
  const of = store;
  store = await startStore({ args: ['--tokens', file] });
  try {
    await post('/runs/a', { project: 'one' }, 'PUT');
    await post('/runs/b', { project: 'two' }, 'PUT');
    const one = await connect('reads-one-project');
    expect((await call('list_runs', {}, one)).runs.map(({ id }) => id)).toEqual(['a']);
    await expect(call('get_run', { run: 'b' }, one)).rejects.toThrow('b');
    expect((await call('list_runs', {}, one)).link).toBe('/d/rolloscope-runs');
    await one.close();
    await expect(connect('only-writes')).rejects.toThrow();
  } finally {
    await store.stop();
    store = of;
  }
});

it('refuses what is no call of the protocol, and goes on', async () => {
  const send = (body: string, headers: Record<string, string> = {}, method = 'POST') =>
    fetch(`${store.url}/mcp`, {
      method,
      headers: {
        authorization: `Bearer ${TOKENS.read}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      ...(method === 'POST' && { body }),
    });
  expect((await send('{')).status).toBe(400);
  expect((await send('[]')).status).toBe(400);
  expect((await send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(300_000) }))).status).toBe(413);
  expect((await send('{}', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await send('', {}, 'GET')).status).toBe(405);
  expect((await send('{}', { authorization: '' })).status).toBe(401);
  expect((await call('list_runs')).runs).not.toEqual([]);
});
