import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { DEFAULT_ALERTS } from '../alerts/AlertSettings';
import { AlertWatch } from '../alerts/AlertWatch';
import { createPoints, createRun } from '../engine/conformance/changes';
import { type OpenStore, openStore } from '../testing/openStore';

/*
 * What a store does by how many runs it has: a start, with all that the alerts take up, and reads of one run. A statement
 * reads of a thousand runs what it reads of a hundred.
 */

let store: OpenStore;
afterEach(() => store.close());

/** Statements that the driver is asked for meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spies = (['run', 'stream'] as const).map((method) => vi.spyOn(DuckDBConnection.prototype, method));
  await work();
  const asked = spies.flatMap(({ mock }) => mock.calls.length);
  for (const spy of spies) {
    spy.mockRestore();
  }
  return asked.reduce((sum, one) => sum + one, 0);
}

const EVAL = 'eval/gsm8k/accuracy/mean';

async function addRuns(from: number, to: number): Promise<void> {
  const steps = [1, 2, 3, 4, 5];
  await store.engine.commit(
    Array.from({ length: to - from }, (_, i) => `r${from + i}`).flatMap((id) => [
      { kind: 'run' as const, run: createRun(id, { config: { lr: 1 } }) },
      createPoints(id, steps),
      createPoints(id, steps, { metrics: steps.map(() => EVAL) }),
    ]),
  );
}

async function start(): Promise<number> {
  const { directory } = store;
  await store.stop();
  let runs = 0;
  const statements = await statementsOf(async () => {
    store = await openStore({ directory });
    const watch = new AlertWatch(store.engine, store.runIndex, {
      settings: DEFAULT_ALERTS,
      write: (events, key) => store.writer.appendEvents(events, key),
      onError: (error) => expect.unreachable(String(error)),
    });
    watch.start();
    await watch.settled();
    runs = watch.runs.size;
    await watch.close();
  });
  expect(runs).toBe([...store.runIndex.all()].length);
  return statements;
}

async function reads(): Promise<number> {
  const { reader } = store;
  return statementsOf(async () => {
    await reader.metrics({ runs: ['r7'], metrics: ['loss'] }, FULL_ACCESS);
    await reader.metricList({ runs: ['r7'] }, FULL_ACCESS);
    expect((await reader.keys({}, FULL_ACCESS)).keys.length).toBeGreaterThan(3);
    expect((await reader.runs({ limit: 5 }, FULL_ACCESS)).runs).toHaveLength(5);
  });
}

it('ten times as many runs take hardly more statements to start with, and none more to read one', async () => {
  store = await openStore();
  await addRuns(0, 100);
  const [started, read] = [await start(), await reads()];
  await addRuns(100, 1_000);
  expect(await start()).toBeLessThan(started + 10);
  expect(await reads()).toBe(read);
}, 60_000);
