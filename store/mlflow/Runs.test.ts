import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { MlflowSessions } from './MlflowSessions';
import { RunLog } from './RunLog';
import { Runs } from './Runs';
import type { runView } from './runView';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

/** As a store that was started on the same data. */
function open() {
  const sessions = new MlflowSessions(store.runIndex, (run) => store.engine.adapterState(run));
  const runs = new Runs(store.runIndex, store.writer, sessions);
  /** Creates a run over a connection, and returns its id in the store. */
  const create = async (name: string | undefined, digest: string, connection = { isOpen: true }) => {
    const fields = { start_time: 1.8e12, ...(name && { run_name: name }) };
    const { run } = await runs.create(fields, digest, FULL_ACCESS, () => connection.isOpen);
    return sessions.find((run as ReturnType<typeof runView>).info.run_id, FULL_ACCESS)?.record.id;
  };
  return { create, runLog: new RunLog(store.writer, sessions) };
}

it('creates one run for a call that comes again because its answer was lost', async () => {
  const { create } = open();
  const connection = { isOpen: true };
  expect(await create('a', 'one', connection)).toBe('a');
  connection.isOpen = false;
  expect(await create('a', 'one')).toBe('a');
  const unnamed = await create(undefined, 'none');
  expect(await open().create(undefined, 'none')).toBe(unnamed);
});

it('creates another run for a call of another client, though it is the same', async () => {
  const { create } = open();
  expect(await Promise.all(['one', 'one', 'one'].map((digest) => create('a', digest)))).toEqual([
    'a',
    'Default/a',
    expect.stringMatching(/^Default\/a-[0-9a-f]{8}$/),
  ]);
  expect(await open().create('b', 'two')).toBe('b');
});

it('creates another run where the first was logged to, or was another call', async () => {
  const { create, runLog } = open();
  const connection = { isOpen: true };
  await create('a', 'one', connection);
  const run_id = store.runIndex.get('a')?.record.config['mlflow.runId'];
  await runLog.take({ run_id, metrics: [{ key: 'loss', value: 1 }] }, 'digest', FULL_ACCESS);
  connection.isOpen = false;
  expect(await create('a', 'one')).toBe('Default/a');
  expect(await open().create('a', 'other')).toMatch(/^Default\/a-/);
});
