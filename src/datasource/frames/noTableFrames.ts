import type { DataFrame } from '@grafana/data';
import type { StoreQuery } from '../query';

/** A query as it is written, and with its variables filled. */
export interface Filled {
  written: StoreQuery;
  filled: StoreQuery;
}

/**
 * A frame without fields for every query whose table is a variable that is empty: no run has a table that fits, and a panel
 * says so. What nobody has written yet is no such query.
 */
export function noTableFrames(queries: readonly Filled[]): DataFrame[] {
  return queries.flatMap(({ written, filled }) => {
    const [asked, table] = [tableOf(written), tableOf(filled)];
    return filled.hide || asked === '' || table !== '' ? [] : [noTableFrame(filled, asked)];
  });
}

function noTableFrame({ refId, runs }: StoreQuery, variable: string): DataFrame {
  const kind = /eval/i.test(variable) ? 'eval table' : 'table of rollouts';
  const hasRun = runs.by !== 'id' || runs.ids.some((id) => id.trim() !== '');
  const text = hasRun
    ? `No ${kind} of this run is known: ${variable} is empty.`
    : 'There is no run to read: none is chosen above, or the store has none yet.';
  return { refId, fields: [], length: 0, meta: { notices: [{ severity: 'info', text }] } };
}

const tableOf = (query: StoreQuery): string =>
  query.queryType === 'rows' || query.queryType === 'groups' ? query.table.trim() : '';
