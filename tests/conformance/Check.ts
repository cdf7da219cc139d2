import type { StoreUnderTest } from './StoreUnderTest';

/** What the reading checks read: runs with a metric and a table of rollouts. Each may be missing in a store under test. */
export interface Sample {
  /** One at least. */
  runs: string[];
  metric?: string;
  table?: string;
}

/** What a check works with. */
export interface Scene {
  store: StoreUnderTest;
  sample: Sample;
  /** A name that nothing else has, for runs of the check's own. */
  fresh(label: string): string;
  /** The project for runs of the check's own. */
  project: string;
}

/** One promise of the contract. It throws when the promise is broken. */
export interface Check {
  /** Completes the sentence "A store …". */
  promises: string;
  /** `write` checks log runs of their own. */
  needs: 'read' | 'write';
  run(scene: Scene): Promise<void>;
}

/** Thrown by a check that the sample gives nothing to work on. */
export class NothingToCheck extends Error {
  override readonly name = 'NothingToCheck';
}

export const reads = (promises: string, run: Check['run']): Check => ({ promises, needs: 'read', run });
export const writes = (promises: string, run: Check['run']): Check => ({ promises, needs: 'write', run });

/** The sample's table, or `NothingToCheck`. */
export function tableOf({ sample }: Scene): { runs: string[]; table: string } {
  if (sample.table === undefined) {
    throw new NothingToCheck('no table in the sample');
  }
  return { runs: sample.runs, table: sample.table };
}

export function metricOf({ sample }: Scene): { runs: string[]; metric: string } {
  if (sample.metric === undefined) {
    throw new NothingToCheck('no metric in the sample');
  }
  return { runs: sample.runs, metric: sample.metric };
}
