import type { LatestOfRun, LatestPoint } from '../../EngineReads';
import type { Layout } from '../Layout';
import { Numbers } from '../Numbers';
import type { Reads } from '../Reads';

/** The point of each metric of a run that arrived last, and what tells whether it is the newest; as a rule it is. */
const ARRIVED = `
  SELECT run, metric, min(rowid)::DOUBLE, max(attempt), max(step)::DOUBLE,
         arg_max(attempt, rowid), arg_max_null(step, rowid)::DOUBLE, arg_max(time, rowid)::DOUBLE, arg_max(value, rowid)
  FROM points GROUP BY run, metric`;

/** The newest of metrics for which it is not. Numbers are compared several times as fast as these structures. */
const NEWEST = `
  WITH asked AS (
    SELECT split_part(line, ' ', 1)::INTEGER AS place, split_part(line, ' ', 2)::INTEGER AS runKey,
           split_part(line, ' ', 3)::INTEGER AS metricKey
    FROM (SELECT unnest(string_split($1::VARCHAR, ',')) AS line)
  )
  SELECT place, point.attempt, point.step::DOUBLE, point.time::DOUBLE, point.value FROM (
    SELECT place, arg_max({'attempt': attempt, 'step': step, 'time': time, 'value': value},
                          {'attempt': attempt, 'step': coalesce(step, -9007199254740992), 'arrival': points.rowid}) AS point
    FROM points JOIN asked ON run = runKey AND metric = metricKey GROUP BY place)`;

/** Columns of equal length, a line a metric of a run; a step that is none is NaN. */
class Lines {
  readonly metric = new Numbers();
  readonly born = new Numbers();
  readonly attempt = new Numbers();
  readonly step = new Numbers();
  readonly time = new Numbers();
  readonly value = new Numbers();
}

/** Names of metrics stay, so they are looked up when a run's points are asked for, which those of most runs never are. */
export async function readLatestPoints(database: Reads, layout: Layout): Promise<LatestOfRun[]> {
  const lines = new Lines();
  const byRun = new Map<number, number[]>();
  const late: string[] = [];
  await database.lookUpChunks(ARRIVED, (part) => {
    const at = (column: number, i: number) => part.at<number | null>(column)[i] ?? null;
    for (let i = 0; i < part.count; i++) {
      const [run, metric, attempt, step] = [at(0, i) ?? 0, at(1, i) ?? 0, at(5, i) ?? 1, at(6, i)];
      const line = lines.metric.length;
      const ofRun = byRun.get(run);
      ofRun ? ofRun.push(line) : byRun.set(run, [line]);
      if (attempt !== at(3, i) || step !== at(4, i)) {
        late.push(`${line} ${run} ${metric}`);
      }
      lines.metric.push(metric);
      lines.born.push(at(2, i) ?? 0);
      lines.attempt.push(attempt);
      lines.step.push(step ?? Number.NaN);
      lines.time.push(at(7, i) ?? 0);
      lines.value.push(at(8, i) ?? 0);
    }
  });
  const { metric, born, attempt, step, time, value } = taken(lines);
  const newest = late.length > 0 ? await database.lookUp(NEWEST, [late.join(',')]) : undefined;
  newest?.at<number>(0).forEach((line, i) => {
    attempt[line] = newest.at<number>(1)[i] ?? 1;
    step[line] = newest.at<number | null>(2)[i] ?? Number.NaN;
    time[line] = newest.at<number>(3)[i] ?? 0;
    value[line] = newest.at<number>(4)[i] ?? 0;
  });
  const pointAt = (line: number): [string, LatestPoint] => [
    layout.metrics.nameOf(metric[line] ?? 0),
    {
      attempt: attempt[line] ?? 1,
      step: Number.isNaN(step[line]) ? null : (step[line] ?? null),
      time: time[line] ?? 0,
      value: value[line] ?? 0,
    },
  ];
  return [...byRun].map(([key, own]) => ({
    run: layout.runs.nameOf(key),
    count: own.length,
    points: () => new Map(own.sort((a, b) => (born[a] ?? 0) - (born[b] ?? 0)).map(pointAt)),
  }));
}

const taken = ({ metric, born, attempt, step, time, value }: Lines) => ({
  metric: metric.take(),
  born: born.take(),
  attempt: attempt.take(),
  step: step.take(),
  time: time.take(),
  value: value.take(),
});
