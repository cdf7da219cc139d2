import { evalRank } from '@rolloscope/contract/evals';
import type { AlertOffer } from '@rolloscope/contract/frames';
import type { MetricInfo } from '@rolloscope/contract/types';
import { toNumber } from '../frames/runsFrame';
import { firesWhere, type MetricReading } from './ruleForm';

/** A menu is no list of hundreds: of others, the curve of the metric has the same link. */
const MOST = 8;
const OTHER = 1_000;

/** Results of evals first, in the order in which they count, then mean rewards, and others. */
function rankOf(metric: string): number {
  const isReward = /reward|score/i.test(metric);
  return evalRank(metric) ?? OTHER + (isReward ? (/mean|avg/i.test(metric) ? 0 : 1) : 2);
}

/** Lists what a run can be watched by: its metrics that matter most, at their last readings. */
export function alertOffers(
  run: string,
  project: string,
  metrics: readonly MetricInfo[],
  addressOf: (reading: MetricReading) => string,
): AlertOffer[] {
  return [...metrics]
    .sort((a, b) => rankOf(a.name) - rankOf(b.name) || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name, last }) => {
      const reading = { run, project, metric: name, value: toNumber(last) ?? Number.NaN };
      return { title: name, about: firesWhere(reading), url: addressOf(reading) };
    });
}
