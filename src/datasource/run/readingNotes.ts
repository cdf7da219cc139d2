import type { EventsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import type { QueryContext } from './QueryContext';

/** Runs of one answer that are asked about. */
const MOST_RUNS = 10;

/**
 * What was left out of the runs of some rows when they were read, or guessed: the first of it, and how much there is.
 * Undefined where there is nothing, or where the store does not tell, which keeps nobody from the rows.
 */
export async function readingNotes(
  { columns, rows }: RowsAnswer,
  { client, signal }: Pick<QueryContext, 'client' | 'signal'>,
): Promise<string | undefined> {
  const at = columns.findIndex(({ name, origin }) => name === 'run' && origin === 'row');
  const runs = [...new Set(rows.map((row) => row[at]))].filter((run) => typeof run === 'string').slice(0, MOST_RUNS);
  if (runs.length === 0) {
    return undefined;
  }
  const run = runs.map(encodeURIComponent).join(',');
  try {
    const { events } = await client.get<EventsAnswer>(
      '/events',
      { has: 'events', signal },
      { run, types: 'left_out,note' },
    );
    const [first] = events;
    const more = events.length > 1 ? ` (and ${events.length - 1} more, see the run's events)` : '';
    return first && `${first.title}${more}`;
  } catch {
    return undefined;
  }
}
