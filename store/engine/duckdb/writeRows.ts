import { BIGINT, BOOLEAN, DOUBLE, type DuckDBConnection, type DuckDBType, INTEGER, VARCHAR } from '@duckdb/node-api';
import { charCount } from '@rolloscope/contract/charCount';
import type { ColumnType } from '@rolloscope/contract/types';
import { inTurns, type Steps } from '../../Turn';
import { appendColumns } from './appendColumns';
import type { AppendColumn } from './handedRows';
import { isText } from './Layout';
import type { PlacedTable } from './placeColumns';
import { INLINE_CHARS } from './schema';

const DUCKDB_TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  number: DOUBLE,
  string: VARCHAR,
  boolean: BOOLEAN,
  json: VARCHAR,
};

/** Rows that are made ready, and appended, at one go. */
const BLOCK_ROWS = 8_192;
/** The same of cells: of rows with many columns fewer are made ready. */
const BLOCK_CELLS = 262_144;

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

/** The texts of one physical column, by row; null where a row has none. */
interface Texts {
  name: string;
  whole: (string | null)[];
  chars: number[];
}

/** The source of a row of a table's append. */
interface Source {
  piece: PlacedTable['pieces'][number];
  /** The index of the row among the rows of its entry. */
  index: number;
}

/**
 * Writes the rows of one table in one append, and their long texts in another, however many runs log; many rows in several
 * of both, each of which is made ready by itself.
 */
export async function writeRows(connection: DuckDBConnection, table: PlacedTable, position: number): Promise<void> {
  const most = Math.min(BLOCK_ROWS, Math.ceil(BLOCK_CELLS / Math.max(1, table.physical.length)));
  let sources: Source[] = [];
  for (const piece of table.pieces) {
    for (let index = 0; index < piece.rows.times.length; index++) {
      sources.push({ piece, index });
      if (sources.length === most) {
        await writeBlock(connection, table, sources, position);
        sources = [];
      }
    }
  }
  await writeBlock(connection, table, sources, position);
}

async function writeBlock(
  connection: DuckDBConnection,
  { key, physical }: PlacedTable,
  sources: readonly Source[],
  position: number,
): Promise<void> {
  const source = (row: number) => sources[row] as Source;
  const cell = (row: number, name: string): unknown => {
    const { piece, index } = source(row);
    const at = piece.at.get(name);
    return at === undefined ? null : (piece.rows.cells[at]?.[index] ?? null);
  };
  const texts: Texts[] = [];
  for (const { name, type } of physical.filter(({ type }) => isText(type))) {
    texts.push(await inTurns(textsOf(name, type, sources, cell)));
  }
  const byName = new Map(texts.map((one) => [one.name, one]));
  const numberOf = (row: number) => BigInt(source(row).piece.rows.firstRow + source(row).index);
  const at = BigInt(position);

  const columns: AppendColumn[] = [
    { type: BIGINT, value: numberOf },
    { type: INTEGER, value: (row) => source(row).piece.run },
    { type: INTEGER, value: (row) => source(row).piece.rows.attempt },
    { type: BIGINT, value: (row) => big(source(row).piece.rows.entryStep) },
    { type: BIGINT, value: (row) => big(source(row).piece.rows.steps[source(row).index]) },
    { type: BIGINT, value: (row) => big(source(row).piece.rows.times[source(row).index]) },
    { type: BIGINT, value: () => at },
  ];
  for (const { name, type } of physical) {
    const of = byName.get(name);
    if (of) {
      const { whole, chars } = of;
      columns.push({ type: VARCHAR, value: (row) => headOf(whole[row] ?? null) });
      columns.push({ type: INTEGER, value: (row) => (whole[row] === null ? null : (chars[row] ?? 0)) });
    } else {
      columns.push({ type: DUCKDB_TYPES[type], value: (row) => cell(row, name) as number | boolean | null });
    }
  }
  await appendColumns(connection, `rows_${key}`, columns, sources.length);

  const long = sources.flatMap((_, row) => (texts.some(({ chars }) => (chars[row] ?? 0) > INLINE_CHARS) ? [row] : []));
  const rowOf = (i: number) => long[i] ?? 0;
  const textColumns: AppendColumn[] = [
    { type: BIGINT, value: (i) => numberOf(rowOf(i)) },
    { type: INTEGER, value: (i) => source(rowOf(i)).piece.run },
    ...texts.map(({ whole, chars }) => ({
      type: VARCHAR,
      value: (i: number) => ((chars[rowOf(i)] ?? 0) > INLINE_CHARS ? (whole[rowOf(i)] ?? null) : null),
    })),
  ];
  const size = (i: number) => texts.reduce((sum, { chars }) => sum + (chars[rowOf(i)] ?? 0), 0);
  await appendColumns(connection, `texts_${key}`, textColumns, long.length, size);
}

const headOf = (text: string | null) => (text === null ? null : head(text, INLINE_CHARS));

function* textsOf(
  name: string,
  type: ColumnType,
  sources: readonly Source[],
  cell: (row: number, name: string) => unknown,
): Steps<Texts> {
  const texts: Texts = { name, whole: [], chars: [] };
  for (let row = 0; row < sources.length; row++) {
    const value = cell(row, name);
    const text = value === null ? null : type === 'json' ? JSON.stringify(value) : String(value);
    texts.whole.push(text);
    texts.chars.push(text === null ? 0 : charCount(text));
    yield;
  }
  return texts;
}
