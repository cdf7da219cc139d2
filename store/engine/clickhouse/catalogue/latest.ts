import type { LatestOfRun, LatestPoint } from '../../EngineReads';
import type { Ask } from './Postgres';
import { told } from './storedText';

type Lines = [
  id: string,
  metric: number[],
  attempt: number[],
  step: (number | null)[],
  time: number[],
  value: number[],
];

/** The newest point of every metric of every run, by PostgreSQL's arrays: a line a run. */
export async function readLatest(
  ask: Ask,
  namesOf: (keys: number[]) => Promise<Map<number, string>>,
): Promise<LatestOfRun[]> {
  const found = await ask<Lines>(
    `SELECT id, array_agg(metric ORDER BY seq), array_agg(attempt ORDER BY seq), array_agg(step::DOUBLE PRECISION ORDER BY seq),
            array_agg(time::DOUBLE PRECISION ORDER BY seq), array_agg(value ORDER BY seq)
     FROM newest JOIN runs USING (run) GROUP BY id`,
  );
  const names = await namesOf([...new Set(found.flatMap(([, metrics]) => metrics))]);
  return found.map(([id, metrics, attempts, steps, times, values]) => ({
    run: told(id),
    count: metrics.length,
    points: () =>
      new Map(
        metrics.map((metric, i): [string, LatestPoint] => [
          names.get(metric) ?? '',
          { attempt: attempts[i] ?? 1, step: steps[i] ?? null, time: times[i] ?? 0, value: values[i] ?? 0 },
        ]),
      ),
  }));
}
