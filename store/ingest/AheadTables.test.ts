import type { LogEntry } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const put = (run: string) => store.writer.putRun(run, { project: 'p' }, FULL_ACCESS);
const entry = (step: number, columns: string[], ...rows: unknown[][]): LogEntry => ({
  step,
  tables: { t: { columns, rows } },
});

/** Runs `work` while no commit can be made; `held` is called once nothing is left to do but commits. */
async function whileCommitsWait(work: () => Promise<unknown>, held: () => void = () => {}) {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const between = store.writer.between(() => gate);
  const done = work();
  await new Promise((resolve) => setTimeout(resolve, 100));
  held();
  release();
  await Promise.all([between, done]);
}

it('derives what it does of rows while the commit before is written', async () => {
  await put('r');
  let reads = 0;
  const response = {
    toJSON() {
      reads++;
      return { said: 'so' };
    },
  };
  let before = 0;
  await whileCommitsWait(
    () => store.log('r', [entry(1, ['prompt', 'response'], ['p', response])]),
    () => {
      before = reads;
    },
  );
  // The commit reads the cell once, to write it.
  expect(reads - before).toBe(1);
  expect(before).toBeGreaterThan(1);
});

it('does nothing ahead for a run that is not there', async () => {
  let reads = 0;
  const response = {
    toJSON() {
      reads++;
      return { said: 'so' };
    },
  };
  const request = { entries: [entry(1, ['prompt', 'response'], ['p', response])] };
  await expect(store.writer.log('none', request, FULL_ACCESS)).rejects.toMatchObject({ code: 'run_not_found' });
  // Its size is looked at.
  expect(reads).toBeLessThanOrEqual(1);
});

it('stores the same whether calls come one after another or all at once', async () => {
  const calls = [
    entry(1, ['prompt', 'completion', 'reward'], ['p', 'one', 1], ['p', 'two', 'none']),
    entry(2, ['prompt', 'completion', 'reward', 'group_id'], ['p', 'three', 'n/a', 'a'], ['p', 'one', 2, 'b']),
    entry(3, ['prompt', 'response', 'reward'], ['q', { said: 1 }, true], ['q', 'two', null]),
    entry(4, ['prompt', { name: 'answer', role: 'response' } as never, 'group_id'], ['p', 'five', 7]),
  ];
  await Promise.all([put('one-by-one'), put('at-once')]);
  for (const call of calls) {
    await store.log('one-by-one', [call]);
  }
  await whileCommitsWait(() => Promise.all(calls.map((call) => store.log('at-once', [call]))));
  const read = async (run: string) => {
    const { columns, rows } = await store.reader.rows({ runs: [run], table: 't' }, FULL_ACCESS);
    // Ids of rows, times and the run differ.
    const own = columns.flatMap(({ name }, i) => (['run', 'time', 'duplicateOf'].includes(name) ? [] : i));
    return { columns: own.map((i) => columns[i]), rows: rows.map((row) => own.map((i) => row[i])) };
  };
  expect((await read('at-once')).rows).toHaveLength(7);
  expect(await read('at-once')).toEqual(await read('one-by-one'));
});
