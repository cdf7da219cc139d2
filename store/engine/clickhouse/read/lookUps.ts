import type { LoggedAsk } from '../../Engine';
import type { ArrivedPoint, MetricPoint, NewestAsk } from '../../EngineReads';
import { Parameters } from '../Parameters';
import { viewSeries } from './SeriesView';
import { deadSql } from './scopeSql';
import type { Reading } from './TableView';

/** SQL of lines that were asked about, from columns of equal length. */
const linesSql = (columns: readonly string[]) =>
  `(SELECT ${columns.map((_, i) => `line.${i + 1} AS c${i}`).join(', ')} FROM (SELECT arrayJoin(arrayZip(${columns.join(', ')})) AS line))`;

/**
 * Reads the newest points of some metrics of runs at a position, by run, whatever their attempt, in the order of
 * arrival. Returns undefined where there are more than `most`.
 */
export async function readNewestPoints(
  reading: Reading,
  asked: readonly NewestAsk[],
  position: number,
  most = Number.MAX_SAFE_INTEGER,
): Promise<Map<string, ArrivedPoint[]> | undefined> {
  const view = await viewSeries(
    reading,
    asked.map(({ run }) => ({ run })),
    asked.map(({ metric }) => metric),
  );
  const lines = asked.flatMap(({ run, metric, count }) => {
    const [key, name] = [view.runs.get(run), view.metrics.get(metric)];
    return key === undefined || name === undefined || count <= 0 ? [] : [[key, name, count] as const];
  });
  const found = new Map<string, ArrivedPoint[]>();
  if (lines.length === 0) {
    return found;
  }
  const parameters = new Parameters();
  const columns = [0, 1, 2].map((c) => parameters.integers(lines.map((line) => line[c] ?? 0)));
  const runs = [...new Set(lines.map(([run]) => run))];
  const conditions = [`run IN (${runs.join(', ')})`, `position <= ${position}`, ...deadSql(view.dead, position)];
  const answer = await reading.server.read(
    `SELECT run, metric, attempt, step, time, value, position FROM (
       SELECT points.*, asked.c2 AS wanted, row_number() OVER (PARTITION BY run, metric ORDER BY seq DESC) AS place
       FROM points JOIN ${linesSql(columns)} AS asked ON toInt64(points.run) = asked.c0 AND toInt64(points.metric) = asked.c1
       WHERE ${conditions.join(' AND ')}) AS numbered
     WHERE place <= wanted ORDER BY seq LIMIT ${Math.min(most, Number.MAX_SAFE_INTEGER - 1) + 1}`,
    parameters,
  );
  if (answer.count > most) {
    return undefined;
  }
  const values = answer.numbers(5);
  answer.at<number>(0).forEach((key, i) => {
    const run = view.idOf(key);
    const points = found.get(run) ?? [];
    found.set(run, points);
    points.push({
      metric: view.metricOf(answer.at<number>(1)[i] ?? 0),
      attempt: answer.at<number>(2)[i] ?? 1,
      step: answer.at<number | null>(3)[i] ?? null,
      time: answer.at<number>(4)[i] ?? 0,
      value: values[i] ?? 0,
      position: answer.at<number>(6)[i] ?? 0,
    });
  });
  return found;
}

/** Finds which of some points a run has: no more comes back, however many others there are at those times. */
export async function readKnownPoints(
  reading: Reading,
  run: string,
  asked: readonly MetricPoint[],
): Promise<Set<number>> {
  const view = await viewSeries(
    reading,
    [{ run }],
    asked.map(({ metric }) => metric),
  );
  const key = view.runs.get(run);
  const lines = asked.filter(({ metric }) => view.metrics.has(metric));
  if (key === undefined || lines.length === 0) {
    return new Set();
  }
  const parameters = new Parameters();
  // No number equals one that is none.
  const columns = [
    parameters.integers(lines.map(({ metric }) => view.metrics.get(metric) ?? 0)),
    parameters.integers(lines.map(({ time }) => time)),
    parameters.integers(lines.map(({ value }) => (Number.isNaN(value) ? 1 : 0))),
    parameters.numbers(lines.map(({ value }) => (Number.isNaN(value) ? 0 : value))),
  ];
  const found = await reading.server.read(
    `SELECT DISTINCT metric, time, value FROM points WHERE ${[`run = ${key}`, ...deadSql(view.dead)].join(' AND ')}
       AND (toInt64(metric), time, toInt64(isNaN(value)), if(isNaN(value), 0, value)) IN ${linesSql(columns)}`,
    parameters,
  );
  const values = found.numbers(2);
  const there = new Set(found.at<number>(0).map((metric, i) => `${metric} ${found.at<number>(1)[i]} ${values[i]}`));
  return new Set(
    asked.flatMap(({ metric, time, value }, i) => (there.has(`${view.metrics.get(metric)} ${time} ${value}`) ? i : [])),
  );
}

/** Reads which of some steps have points, by run and metric. */
export async function readLoggedSteps(
  reading: Reading,
  asked: readonly LoggedAsk[],
): Promise<Map<string, Map<string, Set<number>>>> {
  const found = new Map<string, Map<string, Set<number>>>();
  const view = await viewSeries(
    reading,
    asked.map(({ run }) => ({ run })),
    asked.map(({ metric }) => metric),
  );
  const lines = asked.flatMap(({ run, attempt, metric, steps }) => {
    const [key, name] = [view.runs.get(run), view.metrics.get(metric)];
    return key === undefined || name === undefined ? [] : [...steps].map((step) => [key, name, attempt, step] as const);
  });
  if (lines.length === 0) {
    return found;
  }
  const parameters = new Parameters();
  const columns = [0, 1, 2, 3].map((c) => parameters.integers(lines.map((line) => line[c] ?? 0)));
  const runs = [...new Set(lines.map(([run]) => run))];
  const answer = await reading.server.read(
    `SELECT DISTINCT run, metric, step FROM points
     WHERE ${[`run IN (${runs.join(', ')})`, ...deadSql(view.dead)].join(' AND ')} AND step IS NOT NULL
       AND (toInt64(run), toInt64(metric), toInt64(attempt), assumeNotNull(step)) IN ${linesSql(columns)}`,
    parameters,
  );
  answer.at<number>(0).forEach((key, i) => {
    const run = view.idOf(key);
    const metric = view.metricOf(answer.at<number>(1)[i] ?? 0);
    const metrics = found.get(run) ?? new Map<string, Set<number>>();
    found.set(run, metrics);
    metrics.set(metric, (metrics.get(metric) ?? new Set()).add(answer.at<number>(2)[i] ?? 0));
  });
  return found;
}

/** Finds the first row of a run's table with each of some contents, hashes of a prompt and of a response, by run. */
export async function readFirstRows(
  { server, catalogue }: Reading,
  table: string,
  contents: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  const [keys, runs, { dead }] = await Promise.all([
    catalogue.tableKeys([table]),
    catalogue.runKeys([...contents.keys()]),
    catalogue.moment(),
  ]);
  const key = keys.get(table);
  const lines = [...contents].flatMap(([run, wanted]) => {
    const runKey = runs.get(run);
    return runKey === undefined ? [] : [...wanted].map((content) => [runKey, content] as const);
  });
  if (key === undefined || lines.length === 0) {
    return found;
  }
  const parameters = new Parameters();
  const columns = [
    parameters.integers(lines.map(([run]) => run)),
    parameters.texts(lines.map(([, content]) => content)),
  ];
  const conditions = [
    `tableKey = ${key}`,
    `run IN (${[...new Set(lines.map(([run]) => run))].join(', ')})`,
    "mapContains(heads, 'sresponseHash')",
    ...deadSql(dead),
  ];
  const content = "concat(heads['spromptHash'], ' ', heads['sresponseHash'])";
  const answer = await server.read(
    `SELECT run, ${content} AS content, min(row) FROM rows
     WHERE ${conditions.join(' AND ')} AND (toInt64(run), ${content}) IN ${linesSql(columns)} GROUP BY run, content`,
    parameters,
  );
  const ids = new Map([...runs].map(([id, runKey]) => [runKey, id]));
  answer.at<number>(0).forEach((runKey, i) => {
    const run = ids.get(runKey) ?? '';
    const ofRun = found.get(run) ?? new Map<string, number>();
    found.set(run, ofRun);
    ofRun.set(answer.at<string>(1)[i] ?? '', answer.at<number>(2)[i] ?? 0);
  });
  return found;
}
