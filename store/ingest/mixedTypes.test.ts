import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const log = (run: string, step: number, rewards: unknown[]) =>
  store.log(run, [
    { step, tables: { t: { columns: ['prompt', 'reward'], rows: rewards.map((reward, i) => [`q${i % 2}`, reward]) } } },
  ]);
const selection = { runs: ['r', 'b'], table: 't' };
const columnsOf = async () =>
  Object.fromEntries(
    (await store.reader.rows(selection, FULL_ACCESS)).columns.map(({ name, type, role }) => [name, [type, role]]),
  );

it('reads rewards as numbers that are booleans in some calls and runs, with odd ones among them', async () => {
  await log('b', 1, [true, false, true, true]);
  await log('r', 1, [true, 0.5, false, 'timeout']);
  await log('r', 2, [false, true, true, false]);
  await log('r', 3, ['nan', null, 1, 0.25]);
  expect(await columnsOf()).toMatchObject({ reward: ['number', 'reward'], reward_text: ['string', undefined] });

  const rows = async (request: object) => {
    const columns = ['run', 'step', 'reward', 'reward_text'];
    return (await store.reader.rows({ ...selection, columns, ...request }, FULL_ACCESS)).rows;
  };
  expect(await rows({ runs: ['r'], steps: { from: 1, to: 1 } })).toEqual([
    ['r', 1, 1, null],
    ['r', 1, 0.5, null],
    ['r', 1, 0, null],
    ['r', 1, null, 'timeout'],
  ]);
  expect((await rows({ filter: [{ column: 'reward', op: 'ge', value: 1 }] })).length).toBe(3 + 1 + 2 + 1);
  expect(
    (await rows({ filter: [{ column: 'reward', op: 'eq', value: false }], runs: ['b'], columns: ['reward'] })).length,
  ).toBe(1);
  const best = await rows({ lens: 'best', limit: 3 });
  expect(best.map(([, , reward]) => reward)).toEqual([1, 1, 1]);

  const { steps } = await store.reader.distribution({ ...selection, runs: ['r'], column: 'reward' }, FULL_ACCESS);
  expect(steps?.map(({ n, nulls, mean }) => [n, nulls, mean])).toEqual([
    [3, 1, 0.5],
    [4, 0, 0.5],
    [3, 1, 0.625],
  ]);
  const { groups } = await store.reader.groups({ ...selection, runs: ['b'] }, FULL_ACCESS);
  expect(groups.map(({ prompt, n, mean, min, max }) => [prompt, n, mean, min, max])).toEqual(
    expect.arrayContaining([
      ['q0', 2, 1, 1, 1],
      ['q1', 2, 0.5, 0, 1],
    ]),
  );
});

it.each([
  ['nothing', null],
  ['a word for no number', 'nan'],
])('reads rewards as numbers where %s came first', async (_, first) => {
  await log('r', 1, [first, first]);
  await log('r', 2, [0.5, 1]);
  expect(await columnsOf()).toMatchObject({ reward: ['number', 'reward'] });
  const rows = await store.reader.rows({ ...selection, runs: ['r'], lens: 'best' }, FULL_ACCESS);
  expect(rows.rows).toHaveLength(1);
});

/** Orders in which each of a list comes first once, and last. */
const ordersOf = <T>(all: readonly T[]): T[][] => all.map((_, i) => [...all.slice(i), ...all.slice(0, i)]);

const CALLS = [['timeout'], [0.5, 1, 0.25, 0.75, 0, 1, 0.5], [true], [null], [{ error: 7 }]];
const ODD = new Set<unknown>(['timeout', '{"error":7}']);

it.each([
  ['reward', 'reward'],
  ['score', 'reward'],
  ['rewards/format', 'rewardPart'],
  ['advantages', 'advantage'],
  ['acc', 'correct'],
  ['latency', undefined],
])('reads %s the same, whichever call came first', async (name, role) => {
  for (const [i, calls] of ordersOf(CALLS).entries()) {
    const run = `${name} ${i}`;
    for (const [step, cells] of calls.entries()) {
      await store.log(run, [{ step, tables: { t: { columns: [name], rows: cells.map((cell) => [cell]) } } }]);
    }
    const columns = [name, `${name}_text`];
    const { columns: found, rows } = await store.reader.rows({ runs: [run], table: 't', columns }, FULL_ACCESS);
    expect(found.map(({ type, role: played }) => [type, played])).toEqual([
      ['number', role],
      ['json', undefined],
    ]);
    for (const [r, cell] of calls.flat().entries()) {
      const isOdd = ODD.has(typeof cell === 'object' ? JSON.stringify(cell) : cell);
      expect(rows[r]).toEqual(isOdd ? [null, cell] : [cell === null ? null : Number(cell), null]);
    }
  }
});

it('tells what is none of a column without a role only where it is numbers mostly, and holds no long integers', async () => {
  const call = async (run: string, cells: unknown[]) =>
    store.log(run, [{ step: 1, tables: { t: { columns: ['x'], rows: cells.map((cell) => [cell]) } } }]);
  const types = async (run: string) =>
    (await store.reader.rows({ runs: [run], table: 't' }, FULL_ACCESS)).columns
      .filter(({ origin }) => origin === 'logged')
      .map(({ name, type }) => [name, type]);
  await call('r', ['a', 1, 2, 3]);
  expect(await types('r')).toEqual([['x', 'json']]);
  await call('r', [4]);
  const split = [
    ['x', 'number'],
    ['x_text', 'string'],
  ];
  expect(await types('r')).toEqual(split);
  await call('b', ['9007199254740993', 1, 2, 3, 4, 5]);
  expect(await types('b')).toEqual([['x', 'json']]);
  const found = async (op: 'eq' | 'contains') =>
    (await store.reader.rows({ runs: ['r'], table: 't', filter: [{ column: 'x', op, value: 'a' }] }, FULL_ACCESS)).rows;
  expect([(await found('eq')).length, (await found('contains')).length]).toEqual([1, 1]);
  const searched = { text: 'a', mode: 'plain' as const, columns: ['x'] };
  expect((await store.reader.rows({ runs: ['r'], table: 't', search: searched }, FULL_ACCESS)).total).toBe(1);
});

it('calls what is none by a name that nobody has', async () => {
  const rows = [
    [1, 'mine'],
    ['timeout', 'mine, too'],
  ];
  await store.log('r', [{ step: 1, tables: { t: { columns: ['reward', 'reward_text'], rows } } }]);
  const columns = ['reward', 'reward_text', 'reward_text2'];
  expect((await store.reader.rows({ runs: ['r'], table: 't', columns }, FULL_ACCESS)).rows).toEqual([
    [1, 'mine', null],
    [null, 'mine, too', 'timeout'],
  ]);
});

it('says by its number, or by its word, whether an answer was right', async () => {
  const columns = ['prompt', 'acc'];
  const log = async (step: number, cells: unknown[]) =>
    store.log('r', [{ step, tables: { t: { columns, rows: cells.map((cell, i) => [`q${i}`, cell]) } } }]);
  await log(1, [true, 1.0, 'True']);
  await log(2, [false, 0.0, 'False']);
  const lens = async (name: 'newlyWrong') =>
    (await store.reader.rows({ runs: ['r'], table: 't', lens: name, columns: ['prompt'] }, FULL_ACCESS)).rows.flat();
  expect((await lens('newlyWrong')).toSorted()).toEqual(['q0', 'q1', 'q2']);
});

it('gives the role to the column that is called so, also where another one had it while that held texts alone', async () => {
  const log = async (step: number, rows: unknown[][]) =>
    store.log('r', [{ step, tables: { t: { columns: ['prompt', 'reward', 'score'], rows } } }]);
  await log(1, [['q', 'timeout', 0.25]]);
  await log(2, [['q', 1, 0.5]]);
  expect(await columnsOf()).toMatchObject({ reward: ['number', 'reward'], score: ['number', undefined] });
  const rows = await store.reader.rows({ runs: ['r'], table: 't', lens: 'best', columns: ['reward'] }, FULL_ACCESS);
  expect(rows.rows).toEqual([[1]]);
});
