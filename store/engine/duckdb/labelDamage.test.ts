import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitTo, createRows, createRun } from '../conformance/changes';
import type { LabelEntry, Rollout } from '../EngineReads';
import { checkFolder } from './checkFolder';
import { DuckDbEngine } from './DuckDbEngine';
import { recoverFolder } from './recoverFolder';

const root = mkdtempSync(join(tmpdir(), 'rolloscope-label-damage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const killed = join(root, 'killed');
const LABEL = { proven: true, star: true, verdict: 'good', comment: 'seen', version: 1, time: 5 };
let rollouts: Rollout[];

/** As a process leaves it that is killed, with labels in its file and in its log. */
beforeAll(async () => {
  const engine = await DuckDbEngine.open(join(root, 'living'));
  const row = await engine.reserveRows(4);
  const changes = ['a', 'b'].flatMap((run, i) => [
    { kind: 'run' as const, run: createRun(run) },
    createRows(run, ['one', 'two'], { firstRow: row + 2 * i }),
  ]);
  await commitTo(engine, changes);
  rollouts = (await Promise.all([row, row + 2].map((one) => engine.rolloutOf(one)))).filter((one) => one !== undefined);
  const [first, second] = rollouts as [Rollout, Rollout];
  await engine.commit([{ kind: 'label', rollout: first, label: { ...LABEL, person: 'ada' } }]);
  await engine.checkpoint();
  await engine.commit([{ kind: 'label', rollout: second, label: { ...LABEL, person: 'bob' } }]);
  cpSync(join(root, 'living'), killed, { recursive: true });
  await engine.close();
});

async function labelsIn(folder: string): Promise<LabelEntry[][]> {
  const engine = await DuckDbEngine.open(folder);
  const found = await Promise.all(rollouts.map((rollout) => engine.labelsOf(rollout)));
  await engine.close();
  return found;
}

it('labels are in order where the folder is, and come along when it is recovered', async () => {
  const [folder, saved] = [join(root, 'whole'), join(root, 'saved')];
  cpSync(killed, folder, { recursive: true });
  expect((await checkFolder(folder)).faults).toEqual([]);
  expect((await recoverFolder(folder, saved)).losses).toEqual([]);
  expect((await checkFolder(saved)).faults).toEqual([]);
  expect(await labelsIn(saved)).toEqual([[{ ...LABEL, person: 'ada' }], [{ ...LABEL, person: 'bob' }]]);
});

it('labels of a run whose record is lost are found by a check, and left out and told when the rest is recovered', async () => {
  const [folder, saved] = [join(root, 'orphaned'), join(root, 'orphaned-saved')];
  cpSync(killed, folder, { recursive: true });
  const instance = await DuckDBInstance.create(join(folder, 'runs.duckdb'));
  const connection = await instance.connect();
  await connection.run("DELETE FROM runs WHERE id = 'b'");
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  // What it was promised is of the file as it was.
  rmSync(join(folder, 'promised'));
  const { faults } = await checkFolder(folder);
  expect(faults).toEqual(
    expect.arrayContaining(['1 rows of labels are of no run.', '1 rows of labelled are of no run.']),
  );
  const { losses } = await recoverFolder(folder, saved);
  expect(losses.join()).toContain('1 rows of labels are left out');
  expect((await checkFolder(saved)).faults).toEqual([]);
  expect((await labelsIn(saved))[0]).toEqual([{ ...LABEL, person: 'ada' }]);
});
