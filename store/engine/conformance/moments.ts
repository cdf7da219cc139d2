import { expect, it } from 'vitest';
import { createPoints, createRows, createRun } from './changes';
import type { EngineUnderTest } from './EngineUnderTest';

/** Reads at one moment, beside commits, and on behalf of somebody. */
export function momentsConformance(store: EngineUnderTest): void {
  it('reads at an earlier moment', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one'])]);
    const position = await store.engine.position();
    await store.commit([createRows('a', ['two'])]);
    const query = { scopes: [{ run: 'a' }], table: 't', latest: false };
    expect(await store.engine.countRows({ ...query, position })).toBe(1);
    expect(await store.engine.countRows({ ...query, position: await store.engine.position(), since: position })).toBe(
      1,
    );
  });

  it('reads go on while commits make tables, columns and runs: none asks for what is not there yet', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
    const readAll = async () => {
      const columns = (await store.engine.tableColumns(['a'], 't')).map(({ name }) => name);
      const query = { scopes: [{ run: 'a' }], table: 't', latest: false, position: await store.engine.position() };
      const filter = columns.map((column) => ({ column, op: 'isNull' as const, value: false }));
      await Promise.all([
        store.engine.rows(query, { columns, orderBy: [], offset: 0, limit: 10 }),
        store.engine.countRows({ ...query, filter }),
        store.engine.tableSummaries([{ run: 'a' }]),
        store.engine.bytesOfRuns(),
        store.engine.reached(),
        store.engine.rowById(1e9),
      ]);
    };
    for (let i = 0; i < 12; i++) {
      const columns = [`c${i}`, `d${i}`].map((name) => ({ name, type: 'string', origin: 'logged' }) as const);
      let isDone = false;
      const committed = store
        .commit([
          { kind: 'run', run: createRun(`b${i}`) },
          { kind: 'delete', run: `b${i - 1}` },
          createRows('a', [], { columns, cells: [['y'], [null]], steps: [1], times: [1] }),
          createRows(`b${i}`, ['z'], { table: `t${i}` }),
        ])
        .finally(() => {
          isDone = true;
        });
      while (!isDone) {
        await readAll();
      }
      await committed;
    }
    expect((await store.engine.tableColumns(['a'], 't')).map(({ name }) => name)).toHaveLength(25);
    expect([await store.texts('b11', { table: 't11' }), await store.texts('b10', { table: 't10' })]).toEqual([
      ['z'],
      [],
    ]);
  });

  it('counts its openings apart, and positions on over all of them', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }]);
    const { opening, storeId } = store.engine;
    const position = await store.engine.position();
    expect(position).toBeGreaterThan(store.engine.openedAt);
    await store.reopen();
    expect([store.engine.storeId, store.engine.opening === opening]).toEqual([storeId, false]);
    expect(store.engine.openedAt).toBeGreaterThanOrEqual(position);
    expect(await store.commit([createPoints('a', [1])])).toBeGreaterThan(store.engine.openedAt);
  });

  it('reads for somebody what it reads for itself, until they give up', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one']), createPoints('a', [1])]);
    const query = await store.query('a');
    const waits = new AbortController();
    const reads = store.engine.readsFor({ signal: waits.signal, caller: 'somebody', time: { left: 30_000 } });
    expect(await reads.countRows(query)).toBe(1);
    expect([reads.storeId, await reads.position()]).toEqual([store.engine.storeId, query.position]);
    await store.commit([createRows('a', ['two'])]);
    expect(await reads.position()).toBeGreaterThan(query.position);
    waits.abort(new Error('gone'));
    await expect(reads.countRows(query)).rejects.toThrow('gone');
    await expect(reads.rows(query, { columns: ['text'], orderBy: [], offset: 0, limit: 1 })).rejects.toThrow('gone');
    const late = store.engine.readsFor({ caller: 'somebody', time: { left: -1 } });
    const slow = { ...query, search: { text: '(a{0,9}){0,9}b', mode: 'regex' as const } };
    await late.countRows(slow).catch((error) => expect(error).toMatchObject({ code: 'query_too_slow' }));
    expect(await store.engine.countRows(await store.query('a'))).toBe(2);
  });
}
