import { LIMITS } from '@rolloscope/contract';
import { type Access, FULL_ACCESS } from '../Access';
import { nameOf } from '../formats/nameOf';
import { StoreError } from '../StoreError';
import type { Reading } from '../services';
import type { MlflowSessions } from './MlflowSessions';

/** Bytes that a point takes until it is sent, roughly. */
const POINT_BYTES = 150;

/** Reads a metric back, which clients before 3.0 do to go on counting where a resumed run's monitor stopped. */
export class MetricHistory {
  constructor(
    private readonly sessions: MlflowSessions,
    private readonly reading: Pick<Reading, 'metrics'>,
  ) {}

  /** Points by time, up to the limit of a series; who may write to a run may read back what it logs. */
  async read(
    query: Record<string, unknown>,
    access: Access,
    hold: (bytes: number) => void,
  ): Promise<{ metrics: object[] }> {
    const { session, entry } = await this.sessions.require(query.run_id ?? query.run_uuid, access);
    const key = nameOf(query.metric_key);
    if (key === undefined) {
      throw new StoreError('invalid_request', 'metric_key must be the name of a metric.');
    }
    if (!entry.latest.has(key)) {
      return { metrics: [] };
    }
    const request = { runs: [session.id], metrics: [key], maxPoints: LIMITS.points };
    const { series } = await this.reading.metrics({ ...request, x: 'time', reduce: 'none' }, FULL_ACCESS);
    hold(POINT_BYTES * series.reduce((sum, { value }) => sum + value.length, 0));
    const points = series.flatMap(({ step, time, value }) =>
      value.map((one, i) => ({ key, value: one, timestamp: time[i] ?? 0, step: step[i] ?? 0 })),
    );
    return { metrics: points };
  }
}
