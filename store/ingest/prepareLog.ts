import { LIMITS, ROW_COLUMNS } from '@rolloscope/contract';
import type { LoggedTable, LogRequest, Role } from '@rolloscope/contract/types';
import { jsonBytes } from '../json/jsonBytes';
import { wellFormed } from '../json/wellFormed';
import { StoreError } from '../StoreError';
import type { Steps } from '../Turn';

/** A logged column with the role that the call gave it; null: none, whatever its name tells. */
export interface LoggedRole {
  name: string;
  role?: Role | null;
}

export interface PreparedPoint {
  metric: string;
  step: number | null;
  time: number;
  value: number;
}

/** A logged table by columns; `step` and `time` are taken out of it into their own. */
export interface PreparedTable {
  table: string;
  entryStep: number | null;
  columns: LoggedRole[];
  cells: unknown[][];
  steps: (number | null)[];
  times: number[];
}

export interface PreparedLog {
  /** Points, in the order of logging. */
  points: PreparedPoint[];
  tables: PreparedTable[];
  entries: number;
  lastTime: number;
  /** Bytes that it takes while it waits, roughly. */
  bytes: number;
}

const refuse = (where: string, what: string) => new StoreError('invalid_request', `${where} ${what}`);

/** Bytes that a column of a table takes of a commit, roughly, if it is to be made. */
const COLUMN_BYTES = 4_096;

/** Checks what a schema cannot, and turns entries into points and columns. Throws for the first fault it finds. */
export function* prepareLog(request: LogRequest, now: number): Steps<PreparedLog> {
  const log: PreparedLog = { points: [], tables: [], entries: request.entries.length, lastTime: now, bytes: 200 };
  const widths = new Map<string, number>();
  let columns = 0;
  for (const [i, entry] of request.entries.entries()) {
    const time = entry.time ?? now;
    const step = entry.step ?? null;
    for (const [name, value] of Object.entries(entry.metrics ?? {})) {
      const metric = name.toWellFormed();
      log.points.push({ metric, step, time, value: Number(value) });
      log.bytes += 64 + metric.length;
      yield;
    }
    for (const [name, table] of Object.entries(entry.tables ?? {})) {
      const where = `entries[${i}].tables[${JSON.stringify(name)}]`;
      const prepared = yield* prepareTable(table, where, name.toWellFormed(), step, time);
      log.tables.push(prepared.table);
      const width = prepared.table.columns.length;
      const more = Math.max(0, width - (widths.get(name) ?? 0));
      widths.set(name, Math.max(width, widths.get(name) ?? 0));
      columns += more;
      log.bytes += prepared.bytes + COLUMN_BYTES * more;
      if (columns > LIMITS.columnsOfCall) {
        const most = `the limit of a log call is ${LIMITS.columnsOfCall} (columnsOfCall)`;
        throw new StoreError('limit_exceeded', `${where} has column ${columns} of the call's tables; ${most}.`);
      }
    }
    yield;
  }
  return log;
}

function* prepareTable(
  table: LoggedTable,
  where: string,
  name: string,
  entryStep: number | null,
  entryTime: number,
): Steps<{ table: PreparedTable; bytes: number }> {
  const columns = table.columns.map((column) => {
    const { name: columnName, role } = typeof column === 'string' ? { name: column, role: undefined } : column;
    return { name: columnName.toWellFormed(), ...(role !== undefined && { role }) };
  });
  const names = new Set<string>();
  const twice = columns.find(({ name: column }) => names.size === names.add(column).size);
  if (twice) {
    throw refuse(where, `has the column ${JSON.stringify(twice.name)} twice; column names are unique.`);
  }
  if (columns.some((column) => column.name === 'run')) {
    throw refuse(where, `has a column "run", which every row has as the run's id; log it under another name.`);
  }
  let bytes = 0;
  const cells = columns.map((): unknown[] => []);
  for (const [r, row] of table.rows.entries()) {
    if (row.length !== columns.length) {
      throw refuse(`${where}.rows[${r}]`, `has ${row.length} cells for ${columns.length} columns.`);
    }
    for (const [c, cell] of row.entries()) {
      const read = readCell(cell, () => `${where}.rows[${r}], column ${JSON.stringify(columns[c]?.name)},`);
      bytes += 16 + read.bytes;
      cells[c]?.push(read.kept);
    }
    yield;
  }
  const own = (column: (typeof ROW_COLUMNS)[number]) => {
    const index = columns.findIndex((one) => one.name === column);
    return index < 0 ? undefined : cells[index];
  };
  const whole = (column: 'step' | 'time', cell: unknown, r: number): number => {
    const low = column === 'time' ? 0 : Number.MIN_SAFE_INTEGER;
    if (typeof cell !== 'number' || !Number.isSafeInteger(cell) || cell < low) {
      const shown = JSON.stringify(cell)?.slice(0, 60);
      const unit = column === 'time' ? ' of epoch milliseconds' : '';
      throw refuse(`${where}.rows[${r}], column "${column}",`, `must be a whole number${unit}, not ${shown}.`);
    }
    return cell;
  };
  const [ownSteps, ownTimes] = [own('step'), own('time')];
  const steps: (number | null)[] = [];
  const times: number[] = [];
  for (let r = 0; r < table.rows.length; r++) {
    const [step, time] = [ownSteps?.[r] ?? null, ownTimes?.[r] ?? null];
    steps.push(step === null ? entryStep : whole('step', step, r));
    times.push(time === null ? entryTime : whole('time', time, r));
    yield;
  }
  const kept = columns
    .map((column, c) => ({ column, cells: cells[c] ?? [] }))
    .filter(({ column }) => !isOwn(column.name));
  return {
    table: {
      table: name,
      entryStep,
      columns: kept.map(({ column }) => column),
      cells: kept.map((one) => one.cells),
      steps,
      times,
    },
    bytes,
  };
}

const isOwn = (name: string) => (ROW_COLUMNS as readonly string[]).includes(name);

/** Lone surrogates as `JSON.stringify` writes them. */
const LONE_SURROGATE = /\\ud[89a-f]/;

/** A cell as it is kept, and its bytes; refuses one that is too large. */
function readCell(cell: unknown, where: () => string): { kept: unknown; bytes: number } {
  if (typeof cell === 'string') {
    // A character takes at most three bytes per UTF-16 unit, so most cells need no counting.
    const bytes = cell.length * 3 > LIMITS.cellBytes ? Buffer.byteLength(cell) : cell.length;
    requireFits(bytes, where);
    return { kept: wellFormed(cell), bytes };
  }
  if (typeof cell !== 'object' || cell === null) {
    return { kept: cell ?? null, bytes: 8 };
  }
  // One that is far too large is not written to see by how much.
  requireFits(jsonBytes(cell, LIMITS.cellBytes), where);
  const text = JSON.stringify(cell);
  const bytes = text.length * 3 > LIMITS.cellBytes ? Buffer.byteLength(text) : text.length;
  requireFits(bytes, where);
  return { kept: LONE_SURROGATE.test(text) ? wellFormed(cell) : cell, bytes };
}

function requireFits(bytes: number, where: () => string): void {
  if (bytes > LIMITS.cellBytes) {
    const limit = `${LIMITS.cellBytes / 1024 / 1024} MB`;
    throw new StoreError('limit_exceeded', `${where()} has at least ${bytes} bytes; the limit of a cell is ${limit}.`);
  }
}
