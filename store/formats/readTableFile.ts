import { createHash } from 'node:crypto';
import { StoreError } from '../StoreError';
import { textOf } from './coerce';
import { isObject, readJson } from './readObject';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const where = 'The file of the table';

/** What was last stored of a table that is logged anew as a whole: how its file began. */
export interface LoggedTableState {
  columns: string[];
  /** Bytes of the file up to the end of its last row, and their SHA-256. */
  bytes: number;
  sha256: string;
}

export interface TableFile {
  columns: string[];
  /** Rows that were not in the table when it was logged before. */
  rows: unknown[][];
  /** How the file begins, to tell what is new in the next one. */
  state: LoggedTableState;
}

/**
 * Reads `{"columns": […], "data": [[…], …]}`, as W&B and MLflow clients write a table. Trainers log the whole table anew
 * with every step: a file that begins like the one before it, byte by byte, has the same rows and then the new ones, and
 * only these are parsed. Any other file is a table of its own. Throws `invalid_request` for what is no table.
 */
export function readTableFile(bytes: Buffer, before: LoggedTableState | undefined): TableFile {
  const end = endOfRows(bytes);
  const state = (columns: string[]): LoggedTableState => ({
    columns,
    bytes: end,
    sha256: sha256(bytes.subarray(0, end)),
  });
  if (before && end >= before.bytes && sha256(bytes.subarray(0, before.bytes)) === before.sha256) {
    const rest = bytes.subarray(before.bytes, end).toString();
    const rows = readRows(readJson(`[${rest.replace(/^\s*,/, '')}]`, where), before.columns.length);
    return { columns: before.columns, rows, state: state(before.columns) };
  }
  const table = readJson(bytes.toString(), where);
  if (!isObject(table) || !Array.isArray(table.columns) || !Array.isArray(table.data)) {
    throw new StoreError('invalid_request', `${where} must be an object with columns and data.`);
  }
  const columns = table.columns.map(textOf);
  // Where something stands behind the rows, the end of the rows is not known.
  const isLast = Object.keys(table).at(-1) === 'data';
  return {
    columns,
    rows: readRows(table.data, columns.length),
    state: isLast ? state(columns) : { columns, bytes: bytes.length, sha256: sha256(bytes) },
  };
}

/** Where the list of rows ends, without its bracket and the white space of an indented file before that. */
function endOfRows(bytes: Buffer): number {
  let end = bytes.lastIndexOf(']');
  while (end > 0 && /\s/.test(String.fromCharCode(bytes[end - 1] ?? 0))) {
    end--;
  }
  return end;
}

function readRows(data: unknown, width: number): unknown[][] {
  if (!Array.isArray(data) || !data.every((row) => Array.isArray(row) && row.length <= width)) {
    throw new StoreError('invalid_request', `${where} must have rows of ${width} cells.`);
  }
  return data as unknown[][];
}
