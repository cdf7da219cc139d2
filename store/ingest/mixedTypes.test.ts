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
