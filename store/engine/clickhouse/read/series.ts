import { grouped } from '../../../grouped';
import { bucketStart } from '../../bucketWidth';
import type { SeriesData, SeriesQuery, SeriesResult } from '../../EngineReads';
import type { Server } from '../Server';
import { groupNames, pointsSql } from './pointsSql';
import { type Range, readRanges, seriesId } from './ranges';
import { KEYS, reduceSql } from './reduceSql';
import { type SeriesView, viewSeries } from './SeriesView';
import { deadSql, num } from './scopeSql';
import type { Reading } from './TableView';

export async function readSeries(reading: Reading, query: SeriesQuery): Promise<SeriesResult> {
  const { server } = reading;
  const names = [...query.metrics, ...(query.at === undefined ? [] : [query.at])];
  const view = await viewSeries(reading, query.scopes, names);
  const points = pointsSql(view, query);
  const ranges = await readRanges(server, query, points);
  const changed = query.since === undefined ? undefined : await changedSeries(server, view, query, ranges);
  if (changed === 'reset') {
    return { series: [], reset: true };
  }
  const wanted = changed ? ranges.filter((range) => changed.has(seriesId(range))) : ranges;
  const found = new Map(wanted.map((range) => [seriesId(range), emptySeries(view, query, range, changed)]));
  // One statement for all series that are read alike: widths are powers of two, so there are few.
  for (const same of grouped(wanted, ({ bucketing }) => `${bucketing.shift} ${bucketing.nonFinite}`).values()) {
    const starts = same.map((range) => changed?.get(seriesId(range)) ?? Number.NEGATIVE_INFINITY);
    await readReduced(server, query, narrowed(points, query, same, ranges.length, Math.min(...starts)), same, found);
  }
  return { series: [...found.values()], reset: false };
}

/** Finds the series that got points after `since`, each with the x from which it must be sent again. */
async function changedSeries(
  server: Server,
  view: SeriesView,
  query: SeriesQuery,
  now: readonly Range[],
): Promise<Map<string, number> | 'reset'> {
  const since = query.since ?? 0;
  const before = await readRanges(server, query, pointsSql(view, { ...query, position: since }));
  const then = new Map(before.map((range) => [seriesId(range), range]));
  const current = new Map(now.map((range) => [seriesId(range), range]));
  const groups = groupNames(query);
  const names = query.metrics.flatMap((name) => view.metrics.get(name) ?? []);
  const ids = new Map([...view.runs].map(([id, key]) => [key, id]));
  if (ids.size === 0 || names.length === 0) {
    return new Map();
  }
  const conditions = [
    `run IN (${[...ids.keys()].join(', ')})`,
    `metric IN (${names.join(', ')})`,
    `position > ${num(since)} AND position <= ${num(query.position)} AND ${query.x} IS NOT NULL`,
    ...deadSql(view.dead, query.position),
  ];
  const attempt = query.everyAttempt ? 'attempt' : '0';
  const changed = await server.read(
    `SELECT run, metric, ${attempt} AS ofAttempt, min(${query.x}) FROM points WHERE ${conditions.join(' AND ')}
     GROUP BY run, metric, ofAttempt`,
  );
  const fresh = new Map<string, number>();
  for (let i = 0; i < changed.count; i++) {
    const at = (column: number) => changed.at<number>(column)[i] ?? 0;
    const run = at(0);
    const key = query.groups ? groups.indexOf(query.groups.get(ids.get(run) ?? '') ?? '') : run;
    const id = seriesId({ key, metric: at(1), attempt: at(2) });
    const [old, range] = [then.get(id), current.get(id)];
    if (!range) {
      continue;
    }
    const { shift, nonFinite } = range.bucketing;
    if (old && (old.bucketing.shift !== shift || old.bucketing.nonFinite !== nonFinite)) {
      return 'reset';
    }
    const from = bucketStart(at(3), range.bucketing);
    fresh.set(id, Math.min(from, fresh.get(id) ?? from));
  }
  return fresh;
}

function emptySeries(
  view: SeriesView,
  query: SeriesQuery,
  range: Range,
  changed: ReadonlyMap<string, number> | undefined,
): SeriesData {
  const group = groupNames(query)[range.key] ?? '';
  const from = changed?.get(seriesId(range));
  const firstMember = () => view.runs.get([...(query.groups ?? [])].find(([, name]) => name === group)?.[0] ?? '') ?? 0;
  return {
    run: view.calledOf(query.groups ? firstMember() : range.key),
    metric: view.metricOf(range.metric),
    ...(query.groups && { group }),
    ...(query.everyAttempt && { attempt: range.attempt }),
    ...(from !== undefined && { from }),
    step: [],
    time: [],
    value: [],
    ...(query.groups && { spread: [] }),
    totalPoints: range.count,
  };
}

/** The points of some of the series, from some x on. */
function narrowed(points: string, query: SeriesQuery, same: readonly Range[], all: number, from: number): string {
  const conditions: string[] = [];
  if (same.length < all) {
    const series = same.map(({ key, metric, attempt }) => `(${key}, ${metric}, ${attempt})`);
    conditions.push(`(${KEYS.join(', ')}) IN (${series.join(', ')})`);
  }
  if (Number.isFinite(from)) {
    conditions.push(`${query.x} >= ${num(from)}`);
  }
  return conditions.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${conditions.join(' AND ')}`;
}

async function readReduced(
  server: Server,
  query: SeriesQuery,
  points: string,
  same: readonly Range[],
  found: Map<string, SeriesData>,
): Promise<void> {
  const bucketing = same[0]?.bucketing ?? { shift: null, nonFinite: false };
  const columns = await server.read(
    `SELECT ${KEYS.join(', ')}, step, time, value, ${query.groups ? 'spread' : '0'}
     FROM (${reduceSql(query, points, bucketing)}) ORDER BY ${[...KEYS, query.x, 'seq'].join(', ')}`,
  );
  const [keys, metrics, attempts] = [0, 1, 2].map((column) => columns.at<number>(column));
  const [steps, times] = [columns.at<number | null>(3), columns.at<number>(4)];
  const [values, spreads] = [columns.numbers(5), columns.numbers(6)];
  for (let i = 0; i < columns.count; i++) {
    const id = seriesId({ key: keys?.[i] ?? 0, metric: metrics?.[i] ?? 0, attempt: attempts?.[i] ?? 0 });
    const series = found.get(id);
    const [step, time] = [steps[i] ?? null, times[i] ?? 0];
    if (series && (series.from === undefined || ((query.x === 'step' ? step : time) ?? 0) >= series.from)) {
      series.step.push(step);
      series.time.push(time);
      series.value.push(values[i] ?? 0);
      series.spread?.push(spreads[i] ?? 0);
    }
  }
}
