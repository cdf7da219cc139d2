import { POLICY_AGE, TURN_KINDS, TURN_SECONDS } from './names';

export type Figure = 'mean' | 'p50' | 'p99';

/** Figures of the rows of a step together: of one of their columns, or of `seconds`, a rollout's from end to end. */
export interface RowMetric {
  of: string;
  figures: readonly Figure[];
}

/** All of a rollout's seconds, where the time of every kind is known. */
export const WHOLE_SECONDS = 'seconds';

/**
 * The metrics that the store makes of the rows of each table that has such columns: a point a step, of all rows that were
 * logged at it. Plain values, for the bundles too.
 */
export const ROW_METRICS: readonly RowMetric[] = [
  ...TURN_KINDS.map((kind): RowMetric => ({ of: TURN_SECONDS[kind], figures: ['p50', 'p99'] })),
  { of: WHOLE_SECONDS, figures: ['p50', 'p99'] },
  { of: POLICY_AGE, figures: ['mean', 'p99'] },
];

/** Names such a metric: `rollouts/policyAge/p99`. */
export const rowMetricName = (table: string, of: string, figure: Figure): string => `${table}/${of}/${figure}`;
