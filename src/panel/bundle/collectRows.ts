import type { TableColumn, TableData, WholeRow } from '../data/TableData';
import { formatCount } from '../text/formatCount';
import { MOST_CHARACTERS, MOST_ROWS } from './Bundle';
import { type BundleScope, type FoundRows, wholeColumns } from './scopes';

/** Rows that are asked for at a time. */
const AT_ONCE = 6;

/** Rows of a table, whole, and what is known of them before anything is left out. */
export interface Collected extends Omit<FoundRows, 'rows'> {
  columns: readonly TableColumn[];
  rows: ReadonlyArray<{ rowId: string; cells: WholeRow; cut: ReadonlyMap<string, number> | undefined }>;
  /** Characters of each column, over all rows. */
  characters: ReadonlyMap<string, number>;
}

/** Says why a scope has too much for one file, and what to do; returns undefined where it has not. */
export function refusal(rows: number | undefined): string | undefined {
  return rows !== undefined && rows > MOST_ROWS
    ? `${formatCount(rows)} rollouts are too many for one file, which holds ${formatCount(MOST_ROWS)} at most. Narrow the table by a filter, a lens or a step first, or export CSV, JSON lines or Parquet, which have no such limit.`
    : undefined;
}

/** Loads rows whole, a few at a time. Rejects where they are too many or too long for a file, and when the signal aborts. */
export async function collectRows(
  data: TableData,
  scope: BundleScope,
  signal: AbortSignal,
  onProgress: (done: number, of: number) => void,
): Promise<Collected> {
  refuse(scope.rows);
  const { rows: places, ...found } = await scope.find(signal);
  refuse(places.length);
  const rows: Array<Collected['rows'][number]> = [];
  const characters = new Map<string, number>();
  let [next, done, total] = [0, 0, 0];
  const work = async () => {
    for (let at = next++; at < places.length; at = next++) {
      const place = places[at] as (typeof places)[number];
      const cells = await data.loadRow(place.page, place.row, signal);
      signal.throwIfAborted();
      const rowId = place.page.rowId(place.row);
      rows[at] = { rowId, cells, cut: data.cutIn?.(rowId) };
      for (const [name, value] of cells) {
        const length = lengthOf(value);
        total += length;
        characters.set(name, (characters.get(name) ?? 0) + length);
      }
      if (total > MOST_CHARACTERS) {
        throw new Error(
          `The first ${formatCount(done + 1)} of ${formatCount(places.length)} rollouts have more than ${formatCount(MOST_CHARACTERS)} characters, which is too much for one file. Choose fewer rollouts.`,
        );
      }
      onProgress(++done, places.length);
    }
  };
  const workers = Array.from({ length: Math.min(AT_ONCE, places.length) }, () =>
    work().catch((fault: unknown) => {
      // The others need not go on.
      next = places.length;
      throw fault;
    }),
  );
  await Promise.all(workers);
  return { ...found, rows, characters, columns: columnsOf(data, rows) };
}

function refuse(rows: number | undefined): void {
  const why = refusal(rows);
  if (why !== undefined) {
    throw new Error(why);
  }
}

function lengthOf(value: unknown): number {
  return value === null || value === undefined
    ? 0
    : typeof value === 'string'
      ? value.length
      : (JSON.stringify(value)?.length ?? 0);
}

/** Returns the columns that any row has a cell in, in the table's order; a row may have some that the table has not. */
function columnsOf(data: TableData, rows: Collected['rows']): TableColumn[] {
  const filled = new Set(
    rows.flatMap(({ cells }) => [...cells].flatMap(([name, cell]) => (cell == null ? [] : [name]))),
  );
  const known = wholeColumns(data).filter(({ name }) => filled.delete(name));
  const others = [...filled].map(
    (name): TableColumn => ({
      name,
      label: name,
      type: 'json',
      field: { name, type: 'other' as TableColumn['field']['type'], values: [], config: {} },
    }),
  );
  return [...known, ...others];
}
