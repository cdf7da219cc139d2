import type { RunScope } from '../../EngineReads';
import type { Scoping } from './scopeSql';
import type { Reading } from './TableView';

/** Runs and metrics by name and key, and what is not to be seen. */
export interface SeriesView extends Scoping {
  metrics: ReadonlyMap<string, number>;
  metricOf(key: number): string;
  idOf(run: number): string;
  /** Returns what a run is called to who asks. */
  calledOf(key: number): string;
}

export async function viewSeries(
  { catalogue }: Reading,
  scopes: readonly RunScope[],
  names: readonly string[],
): Promise<SeriesView> {
  const [runs, metrics, { dead }] = await Promise.all([
    catalogue.runKeys([...new Set(scopes.map(({ run }) => run))]),
    catalogue.metricKeys([...new Set(names)]),
    catalogue.moment(),
  ]);
  const byKey = new Map([...metrics].map(([name, key]) => [key, name]));
  const ids = new Map([...runs].map(([id, key]) => [key, id]));
  const called = new Map(scopes.map(({ run, as }) => [runs.get(run), as ?? run]));
  return {
    runs,
    metrics,
    dead,
    metricOf: (key) => byKey.get(key) ?? '',
    idOf: (key) => ids.get(key) ?? '',
    calledOf: (key) => called.get(key) ?? '',
  };
}
