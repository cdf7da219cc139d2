import type { RowsAnswer } from '@rolloscope/contract/types';
import type { QueryContext } from './QueryContext';

/** Runs of one answer that are asked about. */
const MOST_RUNS = 10;
/** Answers that a data source instance keeps: those of the panels of a dashboard. */
const MOST_KNOWN = 50;

/** The notes on runs as of a time, by the client of an instance: panels of one dashboard ask about the same. */
const told = new WeakMap<object, Map<string, Promise<string | undefined>>>();

/**
 * Returns what was left out of the runs of some rows when they were read, or guessed: the first of it, and how much
 * there is. Undefined where there is nothing, or where the store does not tell, which keeps nobody from the rows.
 */
export async function readingNotes(
  { columns, rows, asOf }: RowsAnswer,
  { client }: Pick<QueryContext, 'client'>,
): Promise<string | undefined> {
  const at = columns.findIndex(({ name, origin }) => name === 'run' && origin === 'row');
  const runs = [...new Set(rows.map((row) => row[at]))].filter((run) => typeof run === 'string').slice(0, MOST_RUNS);
  if (runs.length === 0) {
    return undefined;
  }
  const run = runs.map(encodeURIComponent).join(',');
  // Events are told with commits: as long as nothing was logged, there are no others.
  const key = JSON.stringify([run, asOf]);
  const known = told.get(client) ?? new Map<string, Promise<string | undefined>>();
  told.set(client, known);
  const notes = known.get(key) ?? ask(client, run);
  known.delete(key);
  known.set(key, notes);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) {
    known.delete(oldest);
  }
  return notes.catch(() => {
    known.delete(key);
    return undefined;
  });
}

/** Asks without a signal: others wait for the same answer, so it ends with none of those who asked. */
async function ask(client: QueryContext['client'], run: string): Promise<string | undefined> {
  const { events } = await client.ask('events', { query: { run, types: 'left_out,note' } });
  const [first] = events;
  const more = events.length > 1 ? ` (and ${events.length - 1} more, see the run's events)` : '';
  return first && `${first.title}${more}`;
}
