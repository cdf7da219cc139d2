import { BIGINT, BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBType, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { ColumnType } from '@rolloscope/contract/types';
import { charCount } from '../charCount';
import type { RowsChange } from '../Engine';
import { type AppendColumn, appendColumns } from './appendColumns';
import { isText, type Layout, type PlacedColumn, SQL_TYPES, type TableLayout } from './Layout';
import { INLINE_CHARS, tableDdl } from './schema';

const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  number: DOUBLE,
  string: VARCHAR,
  boolean: BOOLEAN,
  json: VARCHAR,
};

/** What a transaction changed in the layout's memory, to be taken back when it fails. */
export type Undo = () => void;

async function ensureTable(
  connection: DuckDBConnection,
  layout: Layout,
  name: string,
  undo: Undo[],
): Promise<TableLayout> {
  const known = layout.table(name);
  if (known) {
    return known;
  }
  const key = layout.tableNames.keyOf(name);
  await connection.run(tableDdl(key));
  undo.push(() => layout.tables.delete(key));
  return layout.addTable(key);
}

/** The physical column for each logged one; new ones are added to the tables, and noted for the run. */
async function ensureColumns(
  connection: DuckDBConnection,
  layout: Layout,
  table: TableLayout,
  run: number,
  change: JoinedRows,
  undo: Undo[],
): Promise<PlacedColumn[]> {
  const ofRun = table.byRun.get(run) ?? [];
  const placed: PlacedColumn[] = [];
  for (const column of change.columns) {
    let physical = layout.place(table.key, column.name, column.type);
    if (!physical) {
      const fresh = `c${table.physical.length + 1}`;
      await connection.run(`ALTER TABLE rows_${table.key} ADD COLUMN ${fresh} ${SQL_TYPES[column.type]}`);
      if (isText(column.type)) {
        await connection.run(`ALTER TABLE rows_${table.key} ADD COLUMN ${fresh}_n INTEGER`);
        await connection.run(`ALTER TABLE texts_${table.key} ADD COLUMN ${fresh} VARCHAR`);
      }
      await connection.run('INSERT INTO places VALUES (?, ?, ?, ?)', [table.key, column.name, column.type, fresh]);
      layout.addPlace(table, column.name, column.type, fresh);
      undo.push(() => layout.removePlace(table, column.name, column.type));
      physical = fresh;
    }
    const place = { ...column, physical };
    placed.push(place);
    if (!ofRun.some((one) => one.physical === physical)) {
      ofRun.push(place);
      undo.push(() => ofRun.splice(ofRun.indexOf(place), 1));
      await connection.run('INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
        table.key,
        run,
        ofRun.length,
        column.name,
        column.type,
        column.origin,
        column.role ?? null,
        physical,
      ]);
    }
  }
  if (!table.byRun.has(run)) {
    table.byRun.set(run, ofRun);
    undo.push(() => table.byRun.delete(run));
  }
  return placed;
}

const big = (value: number | null | undefined) => (value === null || value === undefined ? null : BigInt(value));

/** The first characters of a text, never half a surrogate pair. */
function head(text: string, chars: number): string {
  if (text.length <= chars) {
    return text;
  }
  let end = chars;
  for (let i = 0; i < end && end < text.length; i++) {
    const code = text.charCodeAt(i);
    end += code >= 0xd800 && code < 0xdc00 ? 1 : 0;
  }
  return text.slice(0, end);
}

/** Rows that go into the database in one append: of one run, attempt and table, and with the same columns. */
export interface JoinedRows extends Omit<RowsChange, 'kind' | 'entryStep'> {
  entrySteps: (number | null)[];
}

/**
 * Joins neighbours that are alike. An append costs milliseconds however few its rows are, and a call may bring many
 * steps of a few rows each. The order of rows stays.
 */
export function joinRows(changes: readonly RowsChange[]): JoinedRows[] {
  const joined: JoinedRows[] = [];
  for (const change of changes) {
    const { run, attempt, table, columns, steps, times, cells, entryStep } = change;
    const entrySteps = new Array<number | null>(times.length).fill(entryStep);
    const last = joined.at(-1);
    if (last && isAlike(last, change)) {
      push(last.entrySteps, entrySteps);
      push(last.steps, steps);
      push(last.times, times);
      last.cells.forEach((column, c) => {
        push(column, cells[c] ?? []);
      });
    } else {
      const own = cells.map((column) => [...column]);
      joined.push({ run, attempt, table, columns, steps: [...steps], times: [...times], cells: own, entrySteps });
    }
  }
  return joined;
}

function isAlike(a: JoinedRows, b: RowsChange): boolean {
  return (
    a.run === b.run &&
    a.attempt === b.attempt &&
    a.table === b.table &&
    a.columns.length === b.columns.length &&
    a.columns.every(({ name, type, role }, i) => {
      const other = b.columns[i];
      return name === other?.name && type === other.type && role === other.role;
    })
  );
}

/** Without spreading into arguments, of which there can only be so many. */
function push<T>(to: T[], from: readonly T[]): void {
  for (const one of from) {
    to.push(one);
  }
}

/** Writes rows. `firstRow` numbers them. Resolves with the number of rows. */
export async function writeRows(
  connection: DuckDBConnection,
  layout: Layout,
  change: JoinedRows,
  firstRow: number,
  position: number,
  undo: Undo[],
): Promise<number> {
  const count = change.times.length;
  const run = layout.runs.keyOf(change.run);
  const table = await ensureTable(connection, layout, change.table, undo);
  const placed = await ensureColumns(connection, layout, table, run, change, undo);
  const cellsOf = new Map(placed.map(({ physical }, i) => [physical, change.cells[i] ?? []]));

  const texts = new Map<string, (string | null)[]>();
  const lengths = new Map<string, (number | null)[]>();
  for (const { name, type } of table.physical) {
    const cells = cellsOf.get(name);
    if (cells && isText(type)) {
      const asText = cells.map((cell) => {
        if (cell === null || cell === undefined) {
          return null;
        }
        return type === 'json' ? JSON.stringify(cell) : String(cell);
      });
      texts.set(name, asText);
      lengths.set(
        name,
        asText.map((text) => (text === null ? null : charCount(text))),
      );
    }
  }

  const columns: AppendColumn[] = [
    { type: BIGINT, value: (row) => BigInt(firstRow + row) },
    { type: INTEGER, value: () => run },
    { type: INTEGER, value: () => change.attempt },
    { type: BIGINT, value: (row) => big(change.entrySteps[row]) },
    { type: BIGINT, value: (row) => big(change.steps[row]) },
    { type: BIGINT, value: (row) => big(change.times[row]) },
    { type: BIGINT, value: () => BigInt(position) },
  ];
  for (const { name, type } of table.physical) {
    const text = texts.get(name);
    const cells = cellsOf.get(name);
    if (isText(type)) {
      columns.push({
        type: VARCHAR,
        value: (row) => {
          const whole = text?.[row] ?? null;
          return whole === null ? null : head(whole, INLINE_CHARS);
        },
      });
      columns.push({ type: INTEGER, value: (row) => lengths.get(name)?.[row] ?? null });
    } else {
      columns.push({ type: DUCKDB_TYPES[type], value: (row) => (cells?.[row] ?? null) as number | boolean | null });
    }
  }
  await appendColumns(connection, `rows_${table.key}`, columns, count);

  const long = Array.from({ length: count }, (_, row) => row).filter((row) =>
    [...lengths.values()].some((of) => (of[row] ?? 0) > INLINE_CHARS),
  );
  const textColumns: AppendColumn[] = [
    { type: BIGINT, value: (i) => BigInt(firstRow + (long[i] ?? 0)) },
    { type: INTEGER, value: () => run },
    ...table.texts.map((name) => ({
      type: VARCHAR,
      value: (i: number) => {
        const row = long[i] ?? 0;
        return (lengths.get(name)?.[row] ?? 0) > INLINE_CHARS ? (texts.get(name)?.[row] ?? null) : null;
      },
    })),
  ];
  await appendColumns(connection, `texts_${table.key}`, textColumns, long.length);
  return count;
}
