import type { DuckDBConnection } from '@duckdb/node-api';
import { guessRole } from '@rolloscope/contract';
import { grouped } from '../../grouped';
import { isNumeric, type Kept, NON_FINITE_WORDS, TEXT_ROLES } from '../columnRule';
import { isText, type Layout, type PlacedColumn, type TableLayout } from './Layout';
import type { PlacedTable, Publish } from './placeColumns';
import { query } from './query';
import { heldNumberSql } from './read/columnSql';

/*
 * The cells of a column that a run has in several types are counted here: how many are numbers, and how many something
 * else. That tells as what it is read. It is counted once, when the second type comes or the store is opened, and kept
 * up from then on. Other columns are not counted.
 */

const LARGE = '-?[1-9][0-9]{15,}';
const IS_LARGE = new RegExp(`^${LARGE}$`);

/** The places of columns that hold numbers and something else. */
function mixedPlaces(columns: readonly PlacedColumn[]): PlacedColumn[] {
  const byName = grouped(columns, ({ name }) => name);
  return [...byName.values()].filter(isMixed).flat();
}

const isMixed = (places: readonly PlacedColumn[]) =>
  places.some(({ type }) => isNumeric(type)) && places.some(({ type }) => isText(type));

/** In stores of earlier versions numbers among texts of one call are JSON. */
const mayBeMixed = (places: readonly PlacedColumn[]) =>
  isMixed(places) ||
  places.some(
    ({ name, type, origin, role }) =>
      type === 'json' && origin === 'logged' && !TEXT_ROLES.has(role ?? guessRole(name)),
  );

/** Counts what a commit wrote. */
export async function countMixed(
  connection: DuckDBConnection,
  tables: readonly PlacedTable[],
  publish: Publish[],
): Promise<void> {
  for (const { key, pieces, known, byRun } of tables) {
    const fresh = new Map<number, PlacedColumn[]>();
    for (const [run, columns] of byRun) {
      const mixed = mixedPlaces(columns);
      if (mixed.some(({ kept }) => !kept)) {
        fresh.set(run, mixed);
      }
    }
    for (const { run, rows, at } of pieces) {
      if (!fresh.has(run)) {
        const places = (byRun.get(run) ?? known?.byRun.get(run) ?? []).filter(({ kept }) => kept);
        publish.push(() => {
          for (const place of places) {
            const cells = rows.cells[at.get(place.physical) ?? -1] ?? [];
            place.kept = cells.reduce((kept: Kept, cell) => addCell(kept, cell), place.kept as Kept);
          }
        });
      }
    }
    publish.push(await countRows(connection, key, fresh));
  }
}

/** Counts all that is there. */
export async function countAll(connection: DuckDBConnection, layout: Layout): Promise<void> {
  for (const { key, byRun } of layout.tables.values()) {
    const fresh = new Map<number, PlacedColumn[]>();
    for (const [run, columns] of byRun) {
      const places = [...grouped(columns, ({ name }) => name).values()].filter(mayBeMixed).flat();
      if (places.length > 0) {
        fresh.set(run, places);
      }
    }
    (await countRows(connection, key, fresh))();
  }
}

/** One statement a table, whose answer is noted later. */
async function countRows(
  connection: DuckDBConnection,
  table: TableLayout['key'],
  byRun: ReadonlyMap<number, readonly PlacedColumn[]>,
): Promise<Publish> {
  const places = new Map([...byRun.values()].flat().map((place) => [place.physical, place]));
  if (places.size === 0) {
    return () => undefined;
  }
  const counts = [...places.values()].flatMap(countsSql).map((sql) => `, (${sql})::DOUBLE`);
  const found = await query(
    connection,
    `SELECT run${counts.join('')} FROM rows_${table} WHERE run IN (${[...byRun.keys()].join(', ')}) GROUP BY run`,
  );
  const lines = new Map(found.at<number>(0).map((run, i) => [run, i]));
  const columns = new Map([...places.keys()].map((physical, i) => [physical, 1 + 3 * i]));
  return () => {
    for (const [run, own] of byRun) {
      const line = lines.get(run);
      for (const place of own) {
        const at = (n: number) =>
          line === undefined ? 0 : (found.at<number>((columns.get(place.physical) ?? 1) + n)[line] ?? 0);
        place.kept = { numbers: at(0), others: at(1), large: at(2) };
      }
    }
  };
}

/** SQL of a place's numbers, its other cells, and of these the large integers. */
function countsSql(place: PlacedColumn): [string, string, string] {
  const { physical, type } = place;
  if (!isText(type)) {
    return [`count(${physical})`, '0', '0'];
  }
  // A longer text is no number, and is not looked at.
  const isShort = `${physical}_n <= 40`;
  const numbers = `count(${heldNumberSql(place)}) FILTER (${isShort})`;
  const large = `count(*) FILTER (${isShort} AND regexp_full_match(${physical}, '"?${LARGE}"?'))`;
  return [numbers, `count(${physical}_n) - ${numbers}`, large];
}

function addCell(kept: Kept, cell: unknown): Kept {
  const { numbers, others, large } = kept;
  if (cell === null || cell === undefined) {
    return kept;
  }
  const isNumber = typeof cell === 'string' ? NON_FINITE_WORDS.has(cell.toLowerCase()) : typeof cell !== 'object';
  const isLarge = typeof cell === 'string' && IS_LARGE.test(cell);
  return isNumber
    ? { ...kept, numbers: numbers + 1 }
    : { numbers, others: others + 1, large: large + (isLarge ? 1 : 0) };
}
