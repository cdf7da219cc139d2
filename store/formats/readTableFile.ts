import { createHash } from 'node:crypto';
import { StoreError } from '../StoreError';
import { inTurns, type Steps } from '../Turn';
import { textOf } from './coerce';
import { isObject, readJson } from './readObject';

/** Bytes that are hashed at one go. */
const PIECE = 1024 * 1024;
/** White space behind the last row that is looked over. */
const MOST_SPACE = 64 * 1024;
const where = 'The file of the table';

/** The state of a table that is logged anew as a whole: how the file began that was stored last. */
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
  /** The beginning of the file, to tell what is new in the next one. */
  state: LoggedTableState;
}

/**
 * Reads `{"columns": […], "data": [[…], …]}`, as W&B and MLflow clients write a table. Trainers log the whole table anew
 * with every step: a file that begins like the one before it, byte by byte, has the same rows and then the new ones, and
 * only these are parsed. Any other file is a table of its own. Throws `invalid_request` for what is no table.
 */
export async function readTableFile(bytes: Buffer, before: LoggedTableState | undefined): Promise<TableFile> {
  const end = endOfRows(bytes);
  const state = async (columns: string[], upTo: number): Promise<LoggedTableState> => ({
    columns,
    bytes: upTo,
    sha256: await inTurns(sha256(bytes.subarray(0, upTo))),
  });
  if (before && end >= before.bytes && (await state([], before.bytes)).sha256 === before.sha256) {
    const list = Buffer.concat([Buffer.from('['), behindComma(bytes.subarray(before.bytes, end)), Buffer.from(']')]);
    const rows = await inTurns(rowsOf(await readJson(list, where), before.columns.length));
    return { columns: before.columns, rows, state: await state(before.columns, end) };
  }
  const table = await readJson(bytes, where);
  if (!isObject(table) || !Array.isArray(table.columns) || !Array.isArray(table.data)) {
    throw new StoreError('invalid_request', `${where} must be an object with columns and data.`);
  }
  const columns = table.columns.map(textOf);
  // Where something stands behind the rows, the end of the rows is not known.
  const isLast = Object.keys(table).at(-1) === 'data';
  return {
    columns,
    rows: await inTurns(rowsOf(table.data, columns.length)),
    state: await state(columns, isLast ? end : bytes.length),
  };
}

/** Finds the end of the rows, without the list's bracket and the white space of an indented file before that. */
function endOfRows(bytes: Buffer): number {
  const bracket = bytes.lastIndexOf(']');
  let end = bracket;
  while (end > Math.max(0, bracket - MOST_SPACE) && isSpace(bytes[end - 1])) {
    end--;
  }
  return end;
}

/** Gives what follows the comma behind the rows that are known. */
function behindComma(bytes: Buffer): Buffer {
  let from = 0;
  while (from < MOST_SPACE && isSpace(bytes[from])) {
    from++;
  }
  return bytes[from] === COMMA ? bytes.subarray(from + 1) : bytes;
}

const COMMA = 0x2c;
const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function* sha256(bytes: Buffer): Steps<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += PIECE) {
    hash.update(bytes.subarray(from, from + PIECE));
    yield;
  }
  return hash.digest('hex');
}

function* rowsOf(data: unknown, width: number): Steps<unknown[][]> {
  const rows: unknown[] = Array.isArray(data) ? data : [undefined];
  for (const row of rows) {
    if (!Array.isArray(row) || row.length > width) {
      throw new StoreError('invalid_request', `${where} must have rows of ${width} cells.`);
    }
    yield;
  }
  return rows as unknown[][];
}
