import type { RunEvent } from '@rolloscope/contract/types';
import type { EventMark } from '../../EngineReads';
import type { Ask } from './Postgres';
import { stored } from './storedText';

const VALUES = ['metric', 'kind', 'closes', 'task'] as const;
/** Characters of a value: those of the longest id of an event, which is made of a kind, a name and a step. */
const MOST_CHARS = 400;

const beginning = (text: string) => [...text.slice(0, 2 * MOST_CHARS)].slice(0, MOST_CHARS).join('');

/** Returns what an event tells of flags, with the beginnings of its texts, which may be megabytes. */
export function markOf({ id, run, type, time, step, title, text, values = {} }: RunEvent): EventMark {
  const steps = values.referenceSteps;
  const reference: unknown = Array.isArray(steps) ? steps.at(-1) : undefined;
  return {
    ...{ id, run, type, time, title: beginning(title) },
    ...(text !== undefined && { text: beginning(text) }),
    ...(step !== undefined && { step }),
    values: {
      ...Object.fromEntries(
        VALUES.flatMap((name) => {
          const value = values[name];
          return typeof value === 'string' ? [[name, beginning(value)]] : [];
        }),
      ),
      ...(typeof reference === 'number' && { reference }),
    },
  };
}

export interface EventsQuery {
  runs?: string[];
  from?: number;
  to?: number;
  types?: string[];
  limit: number;
}

/** Reads events, or their marks, by time, then as they came. */
export async function readEvents<T extends EventMark | RunEvent>(
  ask: Ask,
  what: 'event' | 'mark',
  { runs, from, to, types, limit }: EventsQuery,
): Promise<T[]> {
  const values: unknown[] = [limit];
  const conditions = ['true'];
  const demand = (sql: string, value: unknown) => conditions.push(sql.replace('?', `$${values.push(value)}`));
  if (runs) {
    demand('run IN (SELECT run FROM runs WHERE id = ANY(?))', runs.map(stored));
  }
  if (from !== undefined) {
    demand('time >= ?', from);
  }
  if (to !== undefined) {
    demand('time <= ?', to);
  }
  if (types) {
    demand('type = ANY(?)', types.map(stored));
  }
  const found = await ask<[string]>(
    `SELECT ${what} FROM events WHERE ${conditions.join(' AND ')} ORDER BY time, seq LIMIT $1`,
    values,
  );
  return found.map(([text]) => JSON.parse(text) as T);
}
