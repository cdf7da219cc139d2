import type { LogRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

type Columns = NonNullable<LogRequest['entries'][number]['tables']>[string]['columns'];

async function logged(columns: Columns, rows: unknown[][], step = 1) {
  const run = `run ${++count}`;
  await store.log(run, [{ step, tables: { t: { columns, rows } } }]);
  return { runs: [run], table: 't' };
}

/** `failed` and `failure` of rows, in the order of logging. */
async function failures(columns: Columns, rows: unknown[][]) {
  const page = await store.reader.rows(await logged(columns, rows), FULL_ACCESS);
  const of = (name: string) => page.columns.findIndex((column) => column.name === name);
  return page.rows.map((row) => [row[of('failed')], row[of('failure')]]);
}

describe('failed and failure', () => {
  it('are told by errors, reasons and states, and null where nothing is', async () => {
    expect(
      await failures(
        ['reward', 'error', 'stop_condition', 'status'],
        [
          [1, null, 'stop', 'completed'],
          [0, 'SandboxError', null, null],
          [0, '', 'timeout_reached', null],
          [0, null, null, 'aborted'],
          [0, null, 'game_won', 'failed'],
        ],
      ),
    ).toEqual([
      [false, null],
      [true, 'sandbox'],
      [true, 'timeout'],
      [true, 'aborted'],
      [false, null],
    ]);
    expect(
      await failures(
        ['reward', 'finish_reason'],
        [
          [1, 'stop'],
          [0, 'abort'],
          [0, 'odd'],
          [0, null],
        ],
      ),
    ).toEqual([
      [false, null],
      [true, 'aborted'],
      [null, null],
      [null, null],
    ]);
  });

  it('are not there where nothing tells, or where a trainer has columns of its own', async () => {
    expect(
      await failures(
        ['reward', 'status'],
        [
          [1, 'passed'],
          [0, 'failed'],
        ],
      ),
    ).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    // A number is a measure, and a role of none says so.
    expect(await failures(['reward', 'error'], [[1, 0.25]])).toEqual([[undefined, undefined]]);
    expect(await failures(['reward', { name: 'error', role: null }], [[1, 'off by one']])).toEqual([
      [undefined, undefined],
    ]);
    expect(await failures(['reward', { name: 'what happened', role: 'error' }], [[0, 'docker is gone']])).toEqual([
      [true, 'sandbox'],
    ]);
    const own = await store.reader.rows(await logged(['reward', 'failed', 'error'], [[0, 'no', 'x']]), FULL_ACCESS);
    expect(own.columns.filter(({ name }) => name === 'failed')).toEqual([
      { name: 'failed', type: 'string', origin: 'logged' },
    ]);
  });

  it('are a count beside means, and left out by one condition', async () => {
    const rows = [
      ['a', 1, 'stop'],
      ['a', 0, 'abort'],
      ['a', 0.5, 'odd'],
      ['b', 0, 'timeout'],
    ];
    const selection = await logged(['group_id', 'reward', 'finish_reason'], rows);
    const groups = await store.reader.groups(selection, FULL_ACCESS);
    expect(groups.groups.map(({ key, n, failed, mean }) => [key, n, failed, mean])).toEqual([
      ['a', 3, 1, 0.5],
      ['b', 1, 1, 0],
    ]);
    const { steps } = await store.reader.distribution({ ...selection, column: 'reward' }, FULL_ACCESS);
    expect(steps?.map(({ n, failed, mean }) => [n, failed, mean])).toEqual([[4, 2, 0.375]]);
    const filter = [{ column: 'failed', op: 'ne' as const, value: true }];
    const kept = await store.reader.rows({ ...selection, filter }, FULL_ACCESS);
    expect(kept.rows.map((row) => row[kept.columns.findIndex(({ name }) => name === 'finish_reason')])).toEqual([
      'stop',
      'odd',
    ]);
  });

  it('are no count where no column tells, or where it is the trainer’s own', async () => {
    for (const columns of [
      ['group_id', 'reward', 'note'],
      ['group_id', 'reward', 'failed'],
    ]) {
      const selection = await logged(columns, [['a', 1, 'x']]);
      const { groups } = await store.reader.groups(selection, FULL_ACCESS);
      expect(groups[0]).not.toHaveProperty('failed');
      const { steps } = await store.reader.distribution({ ...selection, column: 'reward' }, FULL_ACCESS);
      expect(steps?.[0]).not.toHaveProperty('failed');
    }
  });
});
