import type { DuckDBValue } from '@duckdb/node-api';
import type { EventMark } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';
import { placeholder } from './scopeSql';

const VALUES = ['metric', 'kind', 'closes', 'task'] as const;
/** Characters of a value: those of the longest id of an event, which is made of a kind, a name and a step. */
const MOST_CHARS = 400;

/** Events of some runs with the beginning of their texts, which may be megabytes; by time, then as they arrived. */
export async function readEventMarks(
  database: Reads,
  layout: Layout,
  { runs, types, limit }: { runs: string[]; types: string[]; limit: number },
): Promise<EventMark[]> {
  const values: DuckDBValue[] = [];
  const keys = runs.flatMap((run) => layout.runs.find(run) ?? []);
  const kinds = types.map((type) => placeholder(values, type));
  const texts = VALUES.map(
    (name) => `CASE WHEN json_type(event, '$.values.${name}') = 'VARCHAR'
                    THEN left(event->>'$.values.${name}', ${MOST_CHARS}) END`,
  );
  const told = ['title', 'text'].map((name) => `left(event->>'$.${name}', ${MOST_CHARS})`);
  const numbers = [`event->>'$.step'`, `event->>'$.values.referenceSteps[#-1]'`].map(
    (sql) => `TRY_CAST(${sql} AS DOUBLE)`,
  );
  const found = await database.read(
    `SELECT run, id, type, time::DOUBLE, ${[...told, ...numbers, ...texts].join(', ')} FROM events
     WHERE run IN (${keys.join(', ') || 'NULL'}) AND type IN (${kinds.join(', ') || 'NULL'})
     ORDER BY time, rowid LIMIT ${limit}`,
    values,
  );
  return found.at<number>(0).map((run, i) => {
    const [text, step, reference] = [5, 6, 7].map((column) => found.at<string | number | null>(column)[i] ?? undefined);
    return {
      run: layout.runs.nameOf(run),
      id: found.at<string>(1)[i] ?? '',
      type: found.at<string>(2)[i] ?? '',
      time: found.at<number>(3)[i] ?? 0,
      title: found.at<string | null>(4)[i] ?? '',
      ...(typeof text === 'string' && { text }),
      ...(typeof step === 'number' && { step }),
      values: {
        ...Object.fromEntries(
          VALUES.flatMap((name, v) => {
            const value = found.at<string | null>(8 + v)[i];
            return value === null || value === undefined ? [] : [[name, value]];
          }),
        ),
        ...(typeof reference === 'number' && { reference }),
      },
    };
  });
}
