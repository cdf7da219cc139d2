import { BIGINT, DOUBLE, type DuckDBConnection, INTEGER } from '@duckdb/node-api';
import { Turn } from '../../Turn';
import type { PointsChange } from '../Engine';
import { appendColumns } from './appendColumns';
import type { Layout } from './Layout';

/** Writes the points of all runs of a commit in one go: one appender, however many runs log. */
export async function writePoints(
  connection: DuckDBConnection,
  layout: Layout,
  changes: readonly PointsChange[],
  position: number,
): Promise<void> {
  const owner: PointsChange[] = [];
  const index: number[] = [];
  const turn = new Turn();
  for (const change of changes) {
    for (let i = 0; i < change.values.length; i++) {
      owner.push(change);
      index.push(i);
    }
    if (turn.isOver) {
      await turn.next();
    }
  }
  const of = <T>(pick: (change: PointsChange) => readonly T[], row: number): T | undefined => {
    const change = owner[row];
    return change && pick(change)[index[row] ?? 0];
  };
  const at = BigInt(position);
  await appendColumns(
    connection,
    'points',
    [
      { type: INTEGER, value: (row) => layout.runs.keyOf(owner[row]?.run ?? '') },
      { type: INTEGER, value: (row) => layout.metrics.keyOf(of((change) => change.metrics, row) ?? '') },
      { type: INTEGER, value: (row) => owner[row]?.attempt ?? 1 },
      {
        type: BIGINT,
        value: (row) => {
          const step = of((change) => change.steps, row);
          return step === null || step === undefined ? null : BigInt(step);
        },
      },
      { type: BIGINT, value: (row) => BigInt(of((change) => change.times, row) ?? 0) },
      { type: DOUBLE, value: (row) => of((change) => change.values, row) ?? 0 },
      { type: BIGINT, value: () => at },
    ],
    owner.length,
  );
}
