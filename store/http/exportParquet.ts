import { setImmediate } from 'node:timers/promises';
import type { Column } from '@rolloscope/contract/types';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ReadOptions } from '../engine/ReadOptions';
import type { RowStream } from '../services';

/** Rows of one group of a file, and cells: a group is held until it is whole. */
const GROUP_ROWS = 10_000;
const GROUP_CELLS = 500_000;
/** Characters of the texts of one group, unless one row has more; a column of it is packed in one go. */
const GROUP_CHARS = 2 * 2 ** 20;
/** Bytes before a page of a column ends. */
const PAGE = 256 * 1024;

/**
 * The bytes of an export as a parquet file, group by group: numbers are doubles, `step` and `time` integers of 64 bits,
 * booleans booleans, texts UTF-8, and JSON is its text. Cells are what they are: nothing runs a formula from parquet. What
 * is held is one group of rows, and for each group and column some hundred bytes, which the end of the file is made of.
 */
export async function* exportParquet(stream: RowStream, asker: ReadOptions): AsyncGenerator<Buffer> {
  const writer = new ByteWriter();
  const schema = [{ name: 'schema', num_children: stream.columns.length }, ...stream.columns.map(elementOf)];
  const file = new ParquetWriter({ writer, schema, statistics: false, createdBy: 'rolloscope-store' });
  const mostRows = Math.max(1, Math.min(GROUP_ROWS, Math.floor(GROUP_CELLS / stream.columns.length)));
  let group: unknown[][] = [];
  let chars = 0;
  for await (const rows of stream.chunks(asker)) {
    for (const row of rows) {
      const own = charsOf(row);
      if (group.length > 0 && (group.length >= mostRows || chars + own > GROUP_CHARS)) {
        yield* writeGroup(file, writer, stream.columns, group);
        [group, chars] = [[], 0];
      }
      group.push(row);
      chars += own;
    }
    await setImmediate();
  }
  if (group.length > 0) {
    yield* writeGroup(file, writer, stream.columns, group);
  }
  file.finish();
  yield taken(writer);
}

/**
 * Writes one group, column by column, so that the loop turns in between. The library writes a group of each: they become
 * one, as columns of a group lie one behind the other anyhow.
 */
async function* writeGroup(
  file: ParquetWriter,
  writer: ByteWriter,
  columns: readonly Column[],
  rows: readonly unknown[][],
): AsyncGenerator<Buffer> {
  const [before, count] = [file.row_groups.length, file.num_rows + BigInt(rows.length)];
  for (const [at, column] of columns.entries()) {
    const data = rows.map((row) => cellOf(column, row[at]));
    file.write({
      // A dictionary would take -0 for 0; of texts it is made where they repeat.
      columnData: [{ name: column.name, data, offsetIndex: false, ...(isNumber(column) && { encoding: 'PLAIN' }) }],
      rowGroupSize: rows.length,
      pageSize: PAGE,
    });
    if (writer.index >= PAGE) {
      yield taken(writer);
    }
    await setImmediate();
  }
  const parts = file.row_groups.splice(before);
  file.row_groups.push({
    columns: parts.flatMap((part) => part.columns),
    total_byte_size: parts.reduce((sum, part) => sum + part.total_byte_size, 0n),
    total_compressed_size: parts.reduce((sum, part) => sum + (part.total_compressed_size ?? 0n), 0n),
    num_rows: BigInt(rows.length),
  });
  file.num_rows = count;
}

const isNumber = ({ type }: Column) => type === 'number';
/** Says whether a column is `step` or `time`, which are whole. */
const isWhole = ({ type, origin }: Column) => type === 'number' && origin === 'row';

function elementOf(column: Column): SchemaElement {
  const { name, type } = column;
  const kind: Partial<SchemaElement> = isNumber(column)
    ? { type: isWhole(column) ? 'INT64' : 'DOUBLE' }
    : type === 'boolean'
      ? { type: 'BOOLEAN' }
      : { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  return { name, repetition_type: 'OPTIONAL', ...kind };
}

/** A cell as its column's type has it. Non-finite numbers come as texts. */
function cellOf(column: Column, cell: unknown): unknown {
  if (cell === null || cell === undefined) {
    return null;
  }
  if (isNumber(column)) {
    return isWhole(column) ? BigInt(cell as number) : Number(cell);
  }
  return column.type === 'json' || (column.type === 'string' && typeof cell !== 'string') ? JSON.stringify(cell) : cell;
}

/** Characters of texts and, roughly, of what becomes one. */
const charsOf = (row: readonly unknown[]) =>
  row.reduce<number>(
    (sum, cell) =>
      sum +
      (typeof cell === 'string'
        ? cell.length
        : cell !== null && typeof cell === 'object'
          ? JSON.stringify(cell).length
          : 8),
    0,
  );

function taken(writer: ByteWriter): Buffer {
  const bytes = Buffer.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}
