import { expect, it } from 'vitest';
import type { TableColumn } from '../TableColumn';
import { createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Tests the labels of rollouts. */
export function labelsConformance(store: EngineUnderTest): void {
  it('keeps what is said of a rollout by what it is, also when it is logged again, and until its run goes', async () => {
    const row = await store.engine.reserveRows(2);
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one', 'two'], { firstRow: row })]);
    const rollout = await store.engine.rolloutOf(row);
    expect(rollout).toMatchObject({ run: 'a', table: 't' });
    expect(await store.engine.rolloutOf(1e9)).toBeUndefined();
    if (!rollout) {
      return;
    }
    expect(await store.engine.labelledAt(['a'], 't')).toBe(0);
    const said = { person: 'ann', proven: true, star: true, verdict: null, time: 5 };
    const first = { ...said, comment: "it's \0 «odd»", version: 1 };
    const second = { ...said, star: false, comment: null, version: 2 };
    await store.commit([{ kind: 'label', rollout, label: first }]);
    const position = await store.commit([{ kind: 'label', rollout, label: second }]);
    await store.commit([createRows('a', ['one', 'other'])]);
    await store.reopen();
    expect(await store.engine.labelsOf(rollout)).toEqual([first, second]);
    expect(await store.engine.rowsOfRollout(rollout)).toBe(2);
    expect([await store.engine.labelCount('a'), await store.engine.labelCount('nobody')]).toEqual([2, 0]);
    expect(await store.engine.labelledAt(['a', 'nobody'], 't')).toBe(position);
    expect(await store.engine.labelledAt(['nobody'], 't')).toBe(0);
    await store.commit([{ kind: 'delete', run: 'a' }]);
    expect([await store.engine.labelsOf(rollout), await store.engine.labelCount('a')]).toEqual([[], 0]);
  });

  it('knows a rollout by its columns, whatever they are called', async () => {
    const row = await store.engine.reserveRows(1);
    const columns: TableColumn[] = [{ name: "it's \0 odd", type: 'string', origin: 'logged' }];
    await store.commit([
      { kind: 'run', run: createRun('a') },
      createRows('a', ['one'], { firstRow: row, columns, table: "t's \0" }),
    ]);
    const rollout = await store.engine.rolloutOf(row);
    expect(rollout).toMatchObject({ run: 'a', table: "t's \0" });
    expect(rollout && (await store.engine.rowsOfRollout(rollout))).toBe(1);
  });
}
