import { grouped } from '../grouped';
import { aggregate, aggregateAt } from './aggregate';
import { type Aggregator, aggregatorOf } from './aggregators';
import { bucketTimes, countBuckets } from './downsample';
import type { MetricQuery } from './parseQuery';
import type { RequestCost } from './RequestCost';
import { rateOf } from './rate';
import type { Tags } from './runTags';
import type { Datapoints, TaggedSeries } from './series';
import type { TagFilter } from './tagFilters';

/** One line of the answer to a query. */
export interface TsdbSeries {
  metric: string;
  /** Those that all of its series share. */
  tags: Tags;
  /** Keys of those in which they differ. */
  aggregateTags: string[];
  datapoints: Datapoints;
}

/** Steps of work for a datapoint: to make it, and to look at each series of a group for a value there. */
const DATAPOINT_STEPS = 30;
const LOOK_STEPS = 3;
const SORT_STEPS = 20;

/**
 * Takes series together by the tags that are grouped by, fills them, and turns them into rates. Nothing is made yet:
 * what all of it would cost is counted first, and each series is made while it is walked.
 */
export function combine(
  found: readonly TaggedSeries[],
  query: MetricQuery,
  { start, end }: { start: number; end: number },
  cost: RequestCost,
): TsdbSeries[] {
  const { metric, aggregator, downsample, rate, filters } = query;
  const groups = aggregator
    ? [...grouped(found, ({ tags }) => groupKey(tags, filters)).values()]
    : found.map((one) => [one]);
  return groups.map((members) => {
    const filled = downsample?.zero && Number.isFinite(downsample.width) ? downsample.width : undefined;
    const all = members.reduce((sum, { most }) => sum + most, 0);
    const times = filled
      ? countBuckets(filled, start, end)
      : Math.min(all, Math.floor((end - start) / (members[0]?.width ?? 1)) + 2);
    cost.take('told', times);
    cost.take('steps', DATAPOINT_STEPS * (all + times) + times * members.length * stepsOf(aggregator));
    const series = members.map(({ datapoints }) => datapoints);
    const one = filled
      ? aggregateAt(bucketTimes(filled, start, end), series, aggregator ?? ITSELF)
      : aggregator
        ? aggregate(series, aggregator)
        : (series[0] ?? []);
    return { metric, ...sharedTags(members.map(({ tags }) => tags)), datapoints: rate ? rateOf(one, rate) : one };
  });
}

/** The aggregator for a group of one. */
const ITSELF = aggregatorOf('none');

const stepsOf = (aggregator: Aggregator | undefined) =>
  aggregator === undefined ? 0 : aggregator.sorts ? SORT_STEPS : LOOK_STEPS;

const groupKey = (tags: Tags, filters: readonly TagFilter[]) =>
  JSON.stringify(filters.filter(({ groupBy }) => groupBy).map(({ key }) => tags[key] ?? null));

function sharedTags(all: readonly Tags[]): Pick<TsdbSeries, 'tags' | 'aggregateTags'> {
  const [first = {}, ...others] = all;
  const keys = [...new Set(all.flatMap((tags) => Object.keys(tags)))];
  const isShared = (key: string) => first[key] !== undefined && others.every((tags) => tags[key] === first[key]);
  return {
    tags: Object.fromEntries(keys.filter(isShared).map((key) => [key, first[key] ?? ''])),
    aggregateTags: keys.filter((key) => !isShared(key)),
  };
}
