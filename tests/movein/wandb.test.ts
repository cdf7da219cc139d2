import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiKeyOf } from '../../store/http/apiKey';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { bin } from '../clients/runCommand';
import { type Started, startProcess } from '../processes/startProcess';
import { installClient, runClient } from '../wandb/pythonClient';
import { NEWEST } from '../wandb/versions';
import { type Instead, type InterceptingProxy, interceptingProxy } from './interceptingProxy';
import { counts, wholeRun, without } from './wholeRun';

vi.setConfig({ testTimeout: 240_000 });
const KEY = apiKeyOf('any');
let source: StartedStore;
let folder: string;
beforeAll(async () => {
  let python: string;
  [source, python, folder] = await Promise.all([startStore(), installClient(NEWEST), makeFolder()]);
  // Two projects of one account, filled by the real client.
  await Promise.all([
    runClient('scalars.py', { python, url: source.url, args: ['numbers'] }),
    runClient('tables.py', { python, url: source.url, args: ['rollouts'] }),
  ]);
}, 300_000);
afterAll(async () => {
  await source?.stop();
  await removeFolder(folder);
});

interface MoveOptions {
  from?: string;
  to: string;
  key?: string | null;
  args?: string[];
}

function start(project: string, { from = source.url, to, key = KEY, args = [] }: MoveOptions): Started {
  const all = [
    bin,
    'import',
    'wandb',
    project,
    '--base-url',
    from,
    '--url',
    to,
    '--state',
    join(folder, 'state'),
    ...args,
  ];
  const env = { PATH: process.env.PATH, HOME: folder, ...(key !== null && { WANDB_API_KEY: key }) };
  return startProcess(process.execPath, all, { env });
}

async function move(project: string, options: MoveOptions) {
  const started = start(project, options);
  const code = await started.ended;
  return { code, stdout: started.stdout(), stderr: started.stderr() };
}

/** Console output stays where it is. */
const comparable = async (url: string, id: string) => without(await wholeRun(url, id), 'console');

const withStore = async (use: (store: StartedStore) => Promise<void>) => {
  const store = await startStore();
  try {
    await use(store);
  } finally {
    await store.stop();
  }
};

const withProxy = async (
  decide: Parameters<typeof interceptingProxy>[1],
  use: (proxy: InterceptingProxy) => Promise<void>,
) => {
  const proxy = await interceptingProxy(source.url, decide);
  try {
    await use(proxy);
  } finally {
    await proxy.stop();
  }
};

it('all of two projects: what runs are, every point and every row; once, however often', async () => {
  await withStore(async (store) => {
    const first = await move('anyone/maths', { to: store.url });
    expect(first, first.stderr).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^qwen-grpo: finished, \d+ lines of history, 0 tables, as numbers$/m);
    expect(await move('anyone/tables', { to: store.url })).toMatchObject({ code: 0 });
    const [numbers, rollouts] = await Promise.all(['numbers', 'rollouts'].map((id) => comparable(source.url, id)));
    expect(counts(numbers as never).points).toBeGreaterThan(3_000);
    expect(counts(rollouts as never).rows).toBeGreaterThan(20);
    const expectSame = async () => {
      expect(await comparable(store.url, 'numbers')).toEqual(numbers);
      expect(await comparable(store.url, 'rollouts')).toEqual(rollouts);
    };
    await expectSame();

    const again = await move('anyone/maths', { to: store.url });
    expect(again).toMatchObject({ code: 0, stdout: 'anyone/maths: 0 runs taken, 1 without anything new\n' });
    for (const project of ['anyone/maths', 'anyone/tables']) {
      expect(await move(project, { to: store.url, args: ['--again'] })).toMatchObject({ code: 0 });
    }
    await expectSame();
  });
});

it('a server that says 429, fails, cuts the line and is killed midway: nothing is lost, and nothing taken twice', async () => {
  await withStore(async (store) => {
    const wanted = await comparable(source.url, 'numbers');
    const rollouts = await comparable(source.url, 'rollouts');
    const cases: Array<[number, Instead]> = [
      [0, { status: 429, headers: { 'retry-after': '1' } }],
      [2, { status: 503 }],
      [4, { status: 429 }],
      [6, { status: 200, isCut: true }],
    ];
    await withProxy(
      ({ before }) => cases.find(([at]) => before % 8 === at)?.[1],
      async (proxy) => {
        const moved = await move('anyone/maths', { from: proxy.url, to: store.url });
        expect(moved, moved.stderr).toMatchObject({ code: 0 });
      },
    );
    expect(await comparable(store.url, 'numbers')).toEqual(wanted);
    // Killed in the middle of the tables, and run again to its end.
    let killed: Started | undefined;
    await withProxy(
      ({ body }) => {
        if (body.includes('RunFiles') && body.includes('generations_12')) {
          killed?.process.kill('SIGKILL');
          return { status: 200, isCut: true };
        }
        return undefined;
      },
      async (proxy) => {
        killed = start('anyone/tables', { from: proxy.url, to: store.url });
        expect(await killed.ended).toBeNull();
      },
    );
    expect(await move('anyone/tables', { to: store.url })).toMatchObject({ code: 0 });
    expect(await comparable(store.url, 'rollouts')).toEqual(rollouts);
  });
});

it('pages that are too much for the server are asked for in parts', async () => {
  await withStore(async (store) => {
    await withProxy(
      ({ body }) => {
        const { minStep, maxStep } = (body.includes('HistoryPage') ? JSON.parse(body).variables : {}) as Record<
          string,
          number
        >;
        return (maxStep ?? 0) - (minStep ?? 0) > 10 ? { status: 504 } : undefined;
      },
      async (proxy) => {
        expect(await move('anyone/maths', { from: proxy.url, to: store.url })).toMatchObject({ code: 0 });
      },
    );
    expect(await comparable(store.url, 'numbers')).toEqual(await comparable(source.url, 'numbers'));
  });
});

it('a run that is deleted meanwhile is told, and the others come', async () => {
  const call = (url: string, method: string, path: string, body?: object) =>
    fetch(`${url}/api/v1/runs/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  for (const id of ['a', 'b']) {
    await call(source.url, 'PUT', id, { project: 'fleeting', name: `run ${id}` });
    await call(source.url, 'POST', `${id}/log`, { entries: [{ step: 1, metrics: { loss: 1 } }] });
  }
  await withStore(async (store) => {
    await withProxy(
      async ({ body }) => {
        if (body.includes('query Run(') && JSON.parse(body).variables.name === 'a') {
          await call(source.url, 'DELETE', 'a');
        }
        return undefined;
      },
      async (proxy) => {
        const { code, stdout, stderr } = await move('anyone/fleeting', { from: proxy.url, to: store.url });
        expect([code, stderr]).toEqual([0, expect.stringContaining('run a: it was deleted there meanwhile')]);
        expect(stdout).toContain('1 run taken, 0 without anything new, 1 deleted there meanwhile');
      },
    );
    expect((await wholeRun(store.url, 'b')).points).toEqual({ loss: [[1, 1]] });
    // A run that goes on is taken on.
    await call(source.url, 'POST', 'b/log', { entries: [{ step: 2, metrics: { loss: 2 } }] });
    expect(await move('anyone/fleeting', { to: store.url })).toMatchObject({ code: 0 });
    expect((await wholeRun(store.url, 'b')).points).toEqual({
      loss: [
        [1, 1],
        [2, 2],
      ],
    });
  });
});

describe('what is wrong is said', () => {
  it.each([
    ['no key', 'anyone/maths', { key: null }, 2, 'WANDB_API_KEY is not set'],
    ['a project without its entity', 'maths', {}, 2, 'ENTITY/PROJECT'],
    [
      'a project that is not there',
      'anyone/nothing',
      {},
      1,
      'There is no project anyone/nothing that this key may see',
    ],
    [
      'a run that is not there',
      'anyone/maths',
      { args: ['--run', 'nobody'] },
      1,
      'There is no run nobody in anyone/maths.',
    ],
    ['a date that is none', 'anyone/maths', { args: ['--since', 'yesterday'] }, 2, 'write a date as 2026-01-31'],
  ])('%s', async (_, project, options, code, message) => {
    const moved = await move(project, { to: source.url, ...options });
    expect(moved).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  it('a key that is not taken, and a store that takes no writes', async () => {
    const closed = await startStore({ args: ['--read-token', 'r', '--write-token', 'w'] });
    try {
      const wrong = await move('anyone/maths', { from: closed.url, to: source.url, key: apiKeyOf('x') });
      expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('does not take this key') });
      const read = await move('anyone/maths', { to: closed.url, args: ['--token', 'r'] });
      expect(read).toMatchObject({ code: 1, stderr: expect.stringContaining('The token does not allow to write') });
    } finally {
      await closed.stop();
    }
  });
});
