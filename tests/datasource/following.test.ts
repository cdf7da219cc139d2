import { type DataFrame, dateTime, LoadingState } from '@grafana/data';
import type { BackendSrvRequest } from '@grafana/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StoreClient } from '../../src/datasource/http/StoreClient';
import { Known } from '../../src/datasource/known/Known';
import { LastGood } from '../../src/datasource/LastGood';
import { migrate } from '../../src/datasource/migrate';
import { Targets } from '../../src/datasource/run/Targets';
import { type Server as Store, startStore } from '../browser/harness';
import { throughFetch } from './throughFetch';

/** How the data source goes on with a run that logs, against a real store. */
// Properties over a real store take their time on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

let store: Store;
const asked: string[] = [];

beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

const counted = () => {
  const backend = throughFetch();
  return {
    fetch: <T>(options: BackendSrvRequest) => {
      asked.push(`${options.url.split('/api/v1')[1]} ${JSON.stringify(options.data)}`);
      return backend.fetch<T>(options);
    },
  };
};

function targetsOf(queries: object[], maxDataPoints = 200): Targets {
  const client = new StoreClient(store.url, counted);
  const range = { from: dateTime(0), to: dateTime(1e12), raw: { from: 'now-1h', to: 'now' } };
  const targets = queries.map((query, i) => migrate({ refId: 'ABC'[i] ?? 'Z', version: 2, ...query } as never));
  return new Targets(targets, { client, known: new Known(client), uid: 'u', range, maxDataPoints }, new LastGood());
}

const metrics = (run: string, partial: object = {}) => ({
  queryType: 'metrics',
  runs: { by: 'id', ids: [run] },
  metrics: ['m'],
  x: { by: 'step' },
  live: true,
  ...partial,
});

const columnsOf = (frames: DataFrame[]) =>
  frames.map(({ fields }) => fields.map(({ name, config, values }) => [config.displayNameFromDS ?? name, values]));

let runs = 0;
async function createRun(): Promise<string> {
  const run = `run-${++runs}`;
  await send('PUT', `/runs/${run}`, { project: 'p' });
  return run;
}
const log = (run: string, points: Array<[step: number, m: number | string]>) =>
  send('POST', `/runs/${run}/log`, {
    entries: points.map(([step, m]) => ({ step, time: 1_000 + step * 10, metrics: { m, other: step } })),
  });

describe('a chart that follows its run', () => {
  it('shows after every tick what a new chart would show, also when buckets grow and steps come again', async () => {
    const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom('NaN', 'Infinity'));
    const ticks = fc.array(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), value), { maxLength: 120 }), {
      minLength: 1,
      maxLength: 4,
    });
    const kinds = fc.constantFrom(
      {},
      { x: { by: 'time' } },
      { smoothing: 0.8 },
      { x: { by: 'elapsed' } },
      { reduce: 'mean' },
    );
    await fc.assert(
      fc.asyncProperty(ticks, kinds, fc.boolean(), async (parts, kind, goesBack) => {
        const run = await createRun();
        await log(run, [[0, 1]]);
        const query = metrics(run, kind);
        const followed = targetsOf([query], 100);
        let shown = await followed.begin();
        expect(shown.state).toBe(LoadingState.Streaming);
        let step = 0;
        for (const [i, part] of parts.entries()) {
          step = goesBack && i === 2 ? Math.floor(step / 2) : step;
          const points = part.map(([gap, m]): [number, number | string] => {
            step += gap;
            return [step, m];
          });
          await log(run, points);
          shown = (await followed.goOn(false)) ?? shown;
          const fresh = await targetsOf([query], 100).begin();
          expect(columnsOf(shown.data)).toEqual(columnsOf(fresh.data));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('takes back what a resumed run passes over without logging there', async () => {
    const run = await createRun();
    await log(run, [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    await log(run, [
      [2, 2],
      [3, 3],
    ]);
    const followed = targetsOf([metrics(run)]);
    await followed.begin();
    await log(run, [[6, 6]]);
    const shown = await followed.goOn(false);
    expect(columnsOf(shown?.data ?? [])).toEqual([[['Step', [1, 2, 3, 6]], expect.anything()]]);
  });

  it('says nothing when nothing came, and ends with its run', async () => {
    const run = await createRun();
    await log(run, [[1, 1]]);
    const followed = targetsOf([metrics(run)]);
    await followed.begin();
    expect(await followed.goOn(true)).toBeUndefined();
    await send('POST', `/runs/${run}/finish`, {});
    expect((await followed.goOn(true))?.state).toBe(LoadingState.Done);
    expect(followed.isLive).toBe(false);
  });

  it('is told of a failure, keeps what it shows, and is whole again afterwards', async () => {
    const run = await createRun();
    await log(run, [[1, 1]]);
    const followed = targetsOf([metrics(run)]);
    const before = await followed.begin();
    const { url } = store;
    // What a store that was wiped and started anew says of a position of the old one.
    const original = globalThis.fetch;
    globalThis.fetch = async (...args) =>
      String(args[0]).startsWith(url) ? new Response('Bad Gateway', { status: 502 }) : original(...args);
    const during = await followed.goOn(false).finally(() => {
      globalThis.fetch = original;
    });
    expect(during?.state).toBe(LoadingState.Error);
    expect(columnsOf(during?.data ?? [])).toEqual(columnsOf(before.data));
    const after = await followed.goOn(false);
    expect([after?.state, after?.errors]).toEqual([LoadingState.Streaming, undefined]);
  });
});

it('rows that are followed are read again only when rows came', async () => {
  const run = await createRun();
  const rows = (step: number) =>
    send('POST', `/runs/${run}/log`, {
      entries: [{ step, tables: { t: { columns: ['prompt', 'reward'], rows: [['q', step]] } } }],
    });
  await rows(1);
  const followed = targetsOf([
    { queryType: 'rows', runs: { by: 'id', ids: [run] }, table: 't', rows: 'all', live: true },
  ]);
  await followed.begin();
  expect(await followed.goOn(false)).toBeUndefined();
  await rows(2);
  expect((await followed.goOn(false))?.data[0].length).toBe(2);
});

it('several queries of one panel are one request; what nobody logged is asked for again, for its reason', async () => {
  const run = await createRun();
  await log(run, [[1, 1]]);
  const { data, errors } = await targetsOf([
    metrics(run),
    metrics(run, { metrics: ['other'] }),
    metrics(run, { metrics: ['no'] }),
  ]).begin();
  expect(asked.filter((one) => one.startsWith('/query/metrics') && one.includes(`"${run}"`))).toHaveLength(2);
  expect(data.map(({ refId }: DataFrame) => refId)).toEqual(['A', 'B', 'C']);
  expect(errors).toBeUndefined();
  expect(data[2].meta.notices).toEqual([
    { severity: 'warning', text: 'The selected runs have no metric "no"; did you mean "m"?' },
  ]);
});

describe('extremes', () => {
  it('are all there, at their real steps, and the same on every refresh', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 300, maxLength: 900 }),
        async (values) => {
          const run = await createRun();
          await log(
            run,
            values.map((m, step) => [step, m]),
          );
          const query = metrics(run, { live: false });
          const answers = await Promise.all([1, 2].map(() => targetsOf([query], 100).begin()));
          const [[steps, drawn] = []] = answers.map(({ data }) =>
            data[0].fields.map((field: { values: number[] }) => field.values),
          );
          const [highest, lowest] = [Math.max(...values), Math.min(...values)];
          for (const extreme of [highest, lowest]) {
            expect(steps[drawn.indexOf(extreme)]).toBe(values.indexOf(extreme));
          }
          expect(drawn.length).toBeLessThanOrEqual(100);
          expect(columnsOf(answers[1]?.data ?? [])).toEqual(columnsOf(answers[0]?.data ?? []));
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('tables', () => {
  it('of prompts have a line for each, with what is no signal and the change against another step', async () => {
    const run = await createRun();
    const rows = (step: number, easy: number) =>
      send('POST', `/runs/${run}/log`, {
        entries: [
          {
            step,
            tables: {
              t: {
                columns: ['prompt', 'response', 'reward'],
                rows: [
                  ['easy', 'a', easy],
                  ['easy', 'b', easy],
                  ['hard', 'c', 0],
                  ['hard', 'd', 1],
                ],
              },
            },
          },
        ],
      });
    await rows(1, 0);
    await rows(2, 1);
    const groups = {
      queryType: 'groups',
      runs: { by: 'id', ids: [run] },
      table: 't',
      step: '2',
      compareTo: { step: '1' },
      orderBy: { by: 'mean', direction: 'desc' },
    };
    const { data, errors } = await targetsOf([groups]).begin();
    expect(errors).toBeUndefined();
    expect(Object.fromEntries(columnsOf(data)[0] ?? [])).toMatchObject({
      Prompt: ['easy', 'hard'],
      Samples: [2, 2],
      Mean: [1, 0.5],
      Spread: [0, 0.5],
      Change: [1, 0],
      'Last step': [2, 2],
    });
    const wrong = await targetsOf([{ ...groups, compareTo: { step: '1-2' } }]).begin();
    expect(wrong.errors?.[0]?.message).toMatch(/compared with one step/);
  });

  it('of config put runs side by side', async () => {
    const [one, two] = [await createRun(), await createRun()];
    await send('PUT', `/runs/${one}`, { project: 'p', config: { lr: 1, same: 2 } });
    await send('PUT', `/runs/${two}`, { project: 'p', config: { lr: 3, same: 2 } });
    const { data } = await targetsOf([{ queryType: 'compare', runs: { by: 'id', ids: [one, two] } }]).begin();
    expect(Object.fromEntries(columnsOf(data)[0] ?? [])).toEqual({ Config: ['lr'], [one]: ['1'], [two]: ['3'] });
  });

  it('of events have the marked step among them', async () => {
    const run = await createRun();
    await log(run, [
      [3, 1],
      [4, 1],
    ]);
    const events = { queryType: 'events', runs: { by: 'id', ids: [run] }, mark: '4' };
    const { data } = await targetsOf([events]).begin();
    expect(Object.fromEntries(columnsOf(data)[0] ?? [])).toMatchObject({ title: ['Step 4'], time: [1_040], step: [4] });
  });
});
