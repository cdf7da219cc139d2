import { countBuckets } from './downsample';
import { bucketsOfGrid, type Changes, GRID_MS, gridPoints, hasValue, onGrid } from './held';
import { tooMuch } from './RequestCost';
import type { Tags } from './runTags';
import type { SourceQuery, TaggedSeries } from './series';

/** Values of one series of which a bucket's percentile is taken at the most: they are sorted at one go. */
const MOST_SORTED = 100_000;

/** A value carried forward, on the grid or one a bucket; none where there is nothing to tell. */
export function heldSeries(tags: Tags, changes: Changes, query: SourceQuery): TaggedSeries[] {
  const { start, end, downsample, cost } = query;
  const points = gridPoints(changes, start, end);
  cost.take('steps', 2 * changes.time.length);
  if (points === 0 || !hasValue(changes, start, end)) {
    return [];
  }
  if (!downsample) {
    return [{ tags, most: points, width: GRID_MS, datapoints: onGrid(changes, start, end) }];
  }
  const { width, aggregator } = downsample;
  if (aggregator.sorts && changes.time.length > MOST_SORTED) {
    throw tooMuch(`a percentile of ${changes.time.length} values of one series; the limit is ${MOST_SORTED}`);
  }
  const buckets = Number.isFinite(width) ? countBuckets(width, start, end) : 1;
  const datapoints = bucketsOfGrid(changes, start, end, downsample);
  return [{ tags, most: Math.min(points, buckets), width, datapoints }];
}
