import { randomBytes } from 'node:crypto';
import type { Check, Sample, Scene } from './Check';
import { agreement } from './checks/agreement';
import { history } from './checks/history';
import { lifecycle } from './checks/lifecycle';
import { limits } from './checks/limits';
import { lists } from './checks/lists';
import { logging } from './checks/logging';
import { metrics } from './checks/metrics';
import { narrowing } from './checks/narrowing';
import { refusals } from './checks/refusals';
import { rows } from './checks/rows';
import { values } from './checks/values';
import type { StoreUnderTest } from './StoreUnderTest';
import { seed } from './seed';

/** Every promise, by what it is about. The first six need nothing but reading. */
export const CHECKS: Record<string, Check[]> = {
  lists,
  metrics,
  rows,
  narrowing,
  agreement,
  refusals,
  logging,
  history,
  values,
  lifecycle,
  limits,
};

/** Runs of its own in a project of its own, which `clear` deletes. */
export async function sceneWithSeed(store: StoreUnderTest): Promise<Scene & { clear(): Promise<void> }> {
  const nonce = randomBytes(4).toString('hex');
  const project = `conformance-${nonce}`;
  const fresh = (label: string) => `${label}-${nonce}-${randomBytes(3).toString('hex')}`;
  const sample = await seed(store, project, [fresh('seed-a'), fresh('seed-b')]);
  return {
    store,
    sample,
    project,
    fresh,
    async clear() {
      for (const archived of ['false', 'true']) {
        const { runs } = await store.ask('runs', { query: { project, archived, limit: '1000' } });
        for (const { id } of runs) {
          await store.ask('deleteRun', { id });
        }
      }
    },
  };
}

/** A scene that only reads: the runs given, or else the newest that is over and has both a metric and a table. */
export async function sceneToRead(store: StoreUnderTest, given: string[]): Promise<Scene> {
  const candidates = given.length > 0 ? [given] : (await store.ask('runs')).runs.map(({ id }) => [id]);
  let best: Sample | undefined;
  for (const runs of candidates.slice(0, 50)) {
    const [metric] = (await store.ask('queryMetricList', { body: { runs } })).metrics.toSorted(
      (a, b) => b.points - a.points,
    );
    const [table] = (await store.ask('queryTableList', { body: { runs } })).tables.toSorted((a, b) => b.rows - a.rows);
    best = { runs, ...(metric && { metric: metric.name }), ...(table && { table: table.name }) };
    if (metric && table) {
      break;
    }
  }
  if (!best) {
    throw new Error('The store has no run to read; give --write to log some, or --run ID.');
  }
  const fresh = (label: string) => `${label}-${randomBytes(4).toString('hex')}`;
  return { store, sample: best, project: 'none', fresh };
}
