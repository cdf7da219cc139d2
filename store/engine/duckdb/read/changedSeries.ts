import { bucketStart } from '../../bucketWidth';
import type { SeriesQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';
import { findRolled, groupNames, pointsSql } from './pointsSql';
import { onlySeries, type Range, readRanges, seriesId } from './ranges';
import { num } from './scopeSql';

/** Finds the series that got points after `since`, each with the x from which it must be sent again. */
export async function changedSeries(
  database: Reads,
  layout: Layout,
  query: SeriesQuery,
  now: readonly Range[],
): Promise<Map<string, number> | 'reset'> {
  const since = query.since ?? 0;
  const earlier = { ...query, position: since };
  const before = pointsSql(layout, earlier, await findRolled(database, layout, earlier));
  const then = new Map(
    (await readRanges(database, query, before, onlySeries(layout, query))).map((range) => [seriesId(range), range]),
  );
  const current = new Map(now.map((range) => [seriesId(range), range]));
  const { runs, metrics } = layout;
  const keys = query.scopes.flatMap(({ run }) => runs.find(run) ?? []);
  const names = query.metrics.flatMap((name) => metrics.find(name) ?? []);
  const groups = groupNames(query);
  const changed = await database.read(
    `SELECT run, metric, ${query.everyAttempt ? 'attempt' : '0'} AS attempt, min(${query.x})::DOUBLE FROM points
     WHERE run IN (${keys.join(', ') || 'NULL'}) AND metric IN (${names.join(', ') || 'NULL'})
       AND position > ${num(since)} AND position <= ${num(query.position)} AND ${query.x} IS NOT NULL GROUP BY ALL`,
  );
  const fresh = new Map<string, number>();
  for (let i = 0; i < changed.count; i++) {
    const run = changed.at<number>(0)[i] ?? 0;
    const key = query.groups ? groups.indexOf(query.groups.get(runs.nameOf(run)) ?? '') : run;
    const metric = changed.at<number>(1)[i] ?? 0;
    const id = seriesId({ key, metric, attempt: changed.at<number>(2)[i] ?? 0 });
    const [old, range] = [then.get(id), current.get(id)];
    if (!range) {
      continue;
    }
    const isSame =
      old?.bucketing.shift === range.bucketing.shift && old.bucketing.nonFinite === range.bucketing.nonFinite;
    if (old && !isSame) {
      return 'reset';
    }
    const from = bucketStart(changed.at<number>(3)[i] ?? 0, range.bucketing);
    fresh.set(id, Math.min(from, fresh.get(id) ?? from));
  }
  return fresh;
}
