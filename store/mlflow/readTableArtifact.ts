import { LIMITS } from '@rolloscope/contract';
import type { LoggedTable } from '@rolloscope/contract/types';
import { clientTable } from '../formats/completionsTable';
import { nameOf } from '../formats/nameOf';
import { isObject, readJson } from '../formats/readObject';
import { type LoggedTableState, readTableFile } from '../formats/readTableFile';
import { NO_HINTS } from '../formats/rewardFunctions';
import { tableOf } from '../formats/tableOf';
import type { WideTable } from '../formats/unpivot';
import { StoreError } from '../StoreError';
import { inTurns } from '../Turn';

/** The artifact has another shape. */
export class NoTable extends StoreError {
  constructor(message: string) {
    super('invalid_request', message);
  }
}

interface TableArtifact {
  table: LoggedTable;
  /** The beginning of the file, where it may be logged anew with more rows. */
  state?: LoggedTableState;
}

/**
 * Reads an artifact that is a table: `{"columns", "data"}`, as `mlflow.log_table` writes it, or a list of objects (verl's
 * `val_step10.json`). Of a table that begins like the one before it (`known`) only the rows since then. Throws
 * `NoTable`, or what tells why the store does not take this one.
 */
export async function readTableArtifact(
  bytes: Buffer,
  known: LoggedTableState | undefined,
  hints = NO_HINTS,
): Promise<TableArtifact> {
  const head = bytes.toString('utf8', 0, 100);
  if (!/^\s*(\[\s*\{|\{\s*"(columns|data|index)")/.test(head)) {
    throw new NoTable('it is neither an object with columns and data nor a list of objects');
  }
  const { state, ...file } = /^\s*\[/.test(head) ? await readRecords(bytes) : await readTableFile(bytes, known);
  const table = await inTurns(clientTable(file, hints));
  if (table.columns.length === 0 || table.columns.length > LIMITS.columns) {
    throw new StoreError('limit_exceeded', `it has ${table.columns.length} columns; 1 to ${LIMITS.columns} are taken`);
  }
  return { table, ...(state && { state }) };
}

async function readRecords(bytes: Buffer): Promise<WideTable & { state?: undefined }> {
  const records = await readJson(bytes, 'The list');
  if (!Array.isArray(records) || !records.every(isObject)) {
    throw new NoTable('it is no list of objects');
  }
  return inTurns(tableOf(records));
}

/**
 * The table that an artifact is of, by its path, and the step that its name ends in, if any: `eval/t.json` is `eval/t`,
 * `val_step10.json` is `val` at step 10. Undefined for an artifact whose name cannot be a table's.
 */
export function tablePlace(path: string): { name: string; step?: number } | undefined {
  const [, whole] = /^(.+)\.json$/i.exec(path) ?? [];
  if (nameOf(whole) !== whole || whole === undefined) {
    return undefined;
  }
  const [, before, digits] = /^(.*?)[/_.-]?step[_-]?(\d{1,15})$/i.exec(whole) ?? [];
  return before ? { name: before, step: Number(digits) } : { name: whole };
}
