import { requestScope } from '../../../requestScope';
import type { RowQuery } from '../../EngineReads';
import type { Read } from '../Database';
import type { Layout } from '../Layout';
import { selectRows } from './rowsSql';
import { rowScopeSql } from './scopeSql';

/** In fewer rows a search is over before anybody could ask how far it is. */
const FEWEST = 20_000;
/** Share of the rows in the first part, by which the speed of the others is judged. */
const FIRST = 1 / 16;
/** Milliseconds that a part is to take. */
const PART = 200;
/** A part is at the most so many times as large as the one before. */
const GROWTH = 8;

const FOUND = 'temp.found';

/**
 * Searches part by part, in the order of row numbers, where the request wants to know how far it is: of a whole search
 * DuckDB tells nothing (its own progress stays at 0 until a scan is over). Gives the relation of the numbers of the rows
 * found, which lives as long as `work`; undefined where nobody asks, or the search is short.
 *
 * The parts are read one after another, at one position, so together they find what the whole would.
 */
export async function searchInParts<T>(
  read: Read,
  layout: Layout,
  query: RowQuery,
  work: (found: string | undefined) => Promise<T>,
): Promise<T> {
  const onProgress = requestScope.getStore()?.onProgress;
  const table = layout.table(query.table);
  if (!onProgress || !query.search || !table) {
    return work(undefined);
  }
  const scope = rowScopeSql(layout, table.key, { scopes: query.scopes, position: query.position });
  const ends = await read(
    `SELECT count(*)::DOUBLE, min(row)::DOUBLE, max(row)::DOUBLE FROM rows_${table.key} WHERE ${scope.join(' AND ')}`,
  );
  const [count = 0, first = 0, last = 0] = [0, 1, 2].map((at) => ends.at<number | null>(at)[0] ?? 0);
  if (count < FEWEST) {
    return work(undefined);
  }
  await read(`CREATE OR REPLACE TEMP TABLE found (row BIGINT)`);
  try {
    const all = last - first + 1;
    const { lens: _, ...unseen } = query;
    let size = Math.ceil(all * FIRST);
    for (let from = first; from <= last; ) {
      const to = Math.min(last, from + size - 1);
      const part = selectRows(layout, unseen, false, { within: `row BETWEEN ${from} AND ${to}` });
      const began = performance.now();
      if (part) {
        await read(`INSERT INTO ${FOUND} SELECT row FROM ${part.from} WHERE ${part.where}`, part.values);
      }
      const rate = Math.min(GROWTH, PART / (performance.now() - began));
      onProgress((to - first + 1) / all);
      from = to + 1;
      size = Math.max(1, Math.ceil(size * rate));
    }
    return await work(FOUND);
  } finally {
    // Once nobody waits for the answer nothing is read any more; the next search on this connection replaces the table.
    await read(`DROP TABLE IF EXISTS ${FOUND}`).catch(() => undefined);
  }
}
