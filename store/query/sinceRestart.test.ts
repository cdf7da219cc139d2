import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const restart = async () => {
  await store.stop();
  store = await openStore({ directory: store.directory });
};
const entry = (step: number) => ({ step, metrics: { loss: step }, tables: { t: { columns: ['a'], rows: [[step]] } } });
const runs = { where: [{ column: 'project', op: 'eq' as const, value: 'p' }] };
const metrics = (since?: string) =>
  store.reader.metrics({ runs, metrics: ['loss'], ...(since && { since }) }, FULL_ACCESS);
const rows = (since?: string) => store.reader.rows({ runs, table: 't', ...(since && { since }) }, FULL_ACCESS);

it.each([
  ['a delete', () => store.writer.deleteRun('b', FULL_ACCESS)],
  ['a return to an earlier step', () => store.log('b', [entry(2)])],
  ['a step that came again', () => store.log('b', [entry(3)])],
  ['nothing', async () => {}],
])('%s and a restart: who asks for what came since reads all anew', async (_, change) => {
  await store.log('a', [entry(1), entry(2), entry(3)]);
  await store.log('b', [entry(1), entry(2), entry(3)]);
  const [points, table] = [await metrics(), await rows()];
  await change();
  await restart();
  expect(await metrics(points.asOf)).toMatchObject({ series: [], reset: true });
  expect(await rows(table.asOf)).toMatchObject({ rows: [], reset: true });
  const [whole, all] = [await metrics(), await rows()];
  await store.log('a', [entry(4)]);
  const [fresh, more] = [await metrics(whole.asOf), await rows(all.asOf)];
  expect([fresh.reset, fresh.series.map(({ run }) => run)]).toEqual([undefined, ['a']]);
  expect([more.reset, more.total]).toEqual([undefined, 1]);
});

it('a moment of before the restart is still read as it was', async () => {
  await store.log('a', [entry(1), entry(2)]);
  const { asOf } = await rows();
  await restart();
  await store.log('a', [entry(3)]);
  expect((await store.reader.rows({ runs, table: 't', asOf }, FULL_ACCESS)).total).toBe(2);
  const { series } = await store.reader.metrics({ runs, metrics: ['loss'], asOf }, FULL_ACCESS);
  expect(series[0]?.step).toEqual([1, 2]);
});

it('a backup that is put back never takes up what was read after it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-backup-'));
  await store.log('a', [entry(1)]);
  await store.engine.backup?.(folder);
  await store.log('a', [entry(2), entry(3)]);
  const lost = [await metrics(), await rows()] as const;
  const restored = await openStore({ directory: folder });
  for (let step = 2; step < 10; step++) {
    await restored.log('a', [entry(step)]);
  }
  expect(await restored.reader.metrics({ runs, metrics: ['loss'], since: lost[0].asOf }, FULL_ACCESS)).toMatchObject({
    reset: true,
  });
  expect(await restored.reader.rows({ runs, table: 't', since: lost[1].asOf }, FULL_ACCESS)).toMatchObject({
    reset: true,
  });
  await restored.stop();
  await rm(folder, { recursive: true, force: true });
});

it.each(['', 'x', 'other.1', 'other.1.a', '1.2.3.4', `${'z'.repeat(40)}.1`])(
  '%j is no moment of the store',
  async (text) => {
    await store.log('a', [entry(1)]);
    const refused = { code: 'invalid_as_of' };
    for (const at of [{ since: text }, { asOf: text }]) {
      await expect(store.reader.metrics({ runs, metrics: ['loss'], ...at }, FULL_ACCESS)).rejects.toMatchObject(
        refused,
      );
      await expect(store.reader.rows({ runs, table: 't', ...at }, FULL_ACCESS)).rejects.toMatchObject(refused);
    }
    const future = `${store.engine.storeId}.${((await store.engine.position()) + 5).toString(36)}`;
    await expect(metrics(`${future}.${store.engine.opening}`)).rejects.toMatchObject(refused);
    await expect(store.reader.rows({ runs, table: 't', asOf: future }, FULL_ACCESS)).rejects.toMatchObject(refused);
  },
);
