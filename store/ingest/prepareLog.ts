import { LIMITS, ROW_COLUMNS } from '@rolloscope/contract';
import type { LoggedTable, LogRequest, Role } from '@rolloscope/contract/types';
import { wellFormed } from '../json/wellFormed';
import { StoreError } from '../StoreError';

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
  columns: Array<{ name: string; role?: Role }>;
  cells: unknown[][];
  steps: (number | null)[];
  times: number[];
}

export interface PreparedLog {
  /** In the order of logging. */
  points: PreparedPoint[];
  tables: PreparedTable[];
  entries: number;
  lastTime: number;
  /** What it takes while it waits, roughly. */
  bytes: number;
}

const refuse = (where: string, what: string) => new StoreError('invalid_request', `${where} ${what}`);

/** Checks what a schema cannot, and turns entries into points and columns. Throws for the first fault it finds. */
export function prepareLog(request: LogRequest, now: number): PreparedLog {
  const log: PreparedLog = { points: [], tables: [], entries: request.entries.length, lastTime: now, bytes: 200 };
  request.entries.forEach((entry, i) => {
    const time = entry.time ?? now;
    const step = entry.step ?? null;
    for (const [name, value] of Object.entries(entry.metrics ?? {})) {
      const metric = name.toWellFormed();
      log.points.push({ metric, step, time, value: Number(value) });
      log.bytes += 64 + metric.length;
    }
    for (const [name, table] of Object.entries(entry.tables ?? {})) {
      const where = `entries[${i}].tables[${JSON.stringify(name)}]`;
      const prepared = prepareTable(table, where, name.toWellFormed(), step, time);
      log.tables.push(prepared.table);
      log.bytes += prepared.bytes;
    }
  });
  return log;
}

function prepareTable(
  table: LoggedTable,
  where: string,
  name: string,
  entryStep: number | null,
  entryTime: number,
): { table: PreparedTable; bytes: number } {
  const columns = table.columns.map((column) => {
    const { name: columnName, role } = typeof column === 'string' ? { name: column, role: undefined } : column;
    return { name: columnName.toWellFormed(), ...(role && { role }) };
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
  table.rows.forEach((row, r) => {
    if (row.length !== columns.length) {
      throw refuse(`${where}.rows[${r}]`, `has ${row.length} cells for ${columns.length} columns.`);
    }
    row.forEach((cell, c) => {
      bytes += 16 + checkCell(cell, () => `${where}.rows[${r}], column ${JSON.stringify(columns[c]?.name)},`);
    });
  });
  const cells = columns.map((_, c) => table.rows.map((row) => wellFormed(row[c] ?? null)));
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
  const steps = table.rows.map((_, r) => {
    const cell = own('step')?.[r] ?? null;
    return cell === null ? entryStep : whole('step', cell, r);
  });
  const times = table.rows.map((_, r) => {
    const cell = own('time')?.[r] ?? null;
    return cell === null ? entryTime : whole('time', cell, r);
  });
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

/** Bytes of a cell; refuses one that is too large. */
function checkCell(cell: unknown, where: () => string): number {
  if (typeof cell !== 'string' && (typeof cell !== 'object' || cell === null)) {
    return 8;
  }
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  // A character takes at most three bytes per UTF-16 unit, so most cells need no counting.
  const bytes = text.length * 3 > LIMITS.cellBytes ? Buffer.byteLength(text) : text.length;
  if (bytes > LIMITS.cellBytes) {
    const limit = `${LIMITS.cellBytes / 1024 / 1024} MB`;
    throw new StoreError('limit_exceeded', `${where()} has ${bytes} bytes; the limit of a cell is ${limit}.`);
  }
  return bytes;
}
