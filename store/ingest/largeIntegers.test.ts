import type { GroupsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../testing/servedStore';

let store: ServedStore;
beforeAll(async () => {
  store = await servedStore();
});
afterAll(() => store.stop());

/** Two ids that are one as JavaScript numbers. */
const [A, B] = ['9007199254740992', '9007199254740993'];

it('keeps ids of 64 bits apart: stored, grouped, found, told and exported to the digit', async () => {
  await store.ask('PUT', '/runs/r', { project: 'p' });
  const rows = [
    [A, '"p"', 1],
    [A, '"p"', 0],
    [B, '"p"', 0.5],
    [7, '"q"', 1],
  ].map((cells) => `[${cells.join(',')},{"seed":${B}}]`);
  const table = `{"columns":["group_id","prompt","reward","meta"],"rows":[${rows}]}`;
  const body = `{"entries":[{"step":1,"metrics":{"tokens":${B},"x":"${A}"},"tables":{"t":${table}}}]}`;
  const logged = await fetch(`${store.url}/api/v1/runs/r/log`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(logged.status).toBe(200);
  const selection = { runs: ['r'], table: 't' };
  const { groups } = await store.ask<GroupsAnswer>('POST', '/query/groups', selection);
  expect(groups.map(({ n }) => n).toSorted()).toEqual([1, 1, 2]);
  expect(groups.map(({ key }) => key).toSorted()).toEqual(['7', A, B]);
  expect((await store.rows('r', 't')).map(({ group_id, meta }) => [group_id, meta])).toEqual(
    [A, A, B, 7].map((id) => [id, { seed: B }]),
  );
  // In a filter the integer may be written as one, too.
  for (const value of [B, `"${B}"`]) {
    const found = await fetch(`${store.url}/api/v1/query/rows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"runs":["r"],"table":"t","filter":[{"column":"group_id","op":"eq","value":${value}}]}`,
    });
    expect(((await found.json()) as RowsAnswer).total).toBe(1);
  }
  expect(await store.points('r')).toEqual({ tokens: [[1, 2 ** 53]], x: [[1, 2 ** 53]] });
  for (const format of ['csv', 'jsonl']) {
    const { path } = await store.ask<{ path: string }>('POST', '/export', {
      ...selection,
      columns: ['group_id', 'meta'],
      format,
    });
    const text = await (await fetch(`${store.url}/api/v1${path}`)).text();
    expect(text.match(/9007199254740993/g)).toHaveLength(1 + 4);
    expect(text.match(/9007199254740992/g)).toHaveLength(2);
  }
});

it('writes the key of a group as its id is written, whether small ids or large ones came first, or alone', async () => {
  for (const [run, calls, keys] of [
    ['small', [[7, 5]], ['5', '7']],
    ['large last', [[7, 5], [B]], ['5', '7', B]],
    ['large first', [[B], [7, 5]], ['5', '7', B]],
    ['texts', [['a-1', 7]], ['7', 'a-1']],
  ] as const) {
    await store.ask('PUT', `/runs/${run}`, { project: 'p' });
    for (const ids of calls) {
      const rows = ids.map((id) => [id, 'p', 1]);
      const tables = { t: { columns: ['group_id', 'prompt', 'reward'], rows } };
      await store.ask('POST', `/runs/${run}/log`, { entries: [{ step: 1, tables }] });
    }
    const { groups } = await store.ask<GroupsAnswer>('POST', '/query/groups', { runs: [run], table: 't' });
    expect(groups.map(({ key }) => key).toSorted()).toEqual(keys);
    expect((await store.rows(run, 't')).map(({ group_id }) => group_id)).toEqual(calls.flat());
  }
});
