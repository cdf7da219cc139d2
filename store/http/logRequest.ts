import { LIMITS, LogEntry, LoggedTable, LogRequest, strict } from '@rolloscope/contract';
import { Type } from 'typebox';
import { parseBody, parseNdjson } from '../json/parseJson';
import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { checker } from './checker';
import { isFields, joinPath } from './findFault';

/** Metrics of an entry that are checked at one go. */
const MOST_METRICS = 2_000;

/** A log call, but for what its entries are like: these are checked one by one, so that many of them block nobody. */
const Envelope = Type.Object(
  { ...LogRequest.properties, entries: Type.Array(Type.Unknown(), { maxItems: LIMITS.entries }) },
  strict,
);
const checkEnvelope = checker(Envelope, 'The body');
const checkEntry = checker(LogEntry, 'The entry');
const checkMetrics = checker(LogEntry.properties.metrics, 'The metrics');
const checkRow = checker(LoggedTable.properties.rows.items, 'The row');

/** A JSON body of a log call. The batch id may stand in the body or in the query. */
export async function jsonLogRequest(bytes: Buffer, batchId: string | undefined): Promise<LogRequest> {
  const request = checkEnvelope(await parseBody(bytes));
  const turn = new Turn();
  for (const [i, entry] of request.entries.entries()) {
    await requireEntry(entry, '', `entries[${i}]`, turn);
  }
  if (batchId !== undefined && request.batchId !== undefined && batchId !== request.batchId) {
    throw new StoreError('invalid_request', 'batchId differs between the query and the body.');
  }
  return { ...(request as LogRequest), ...(batchId !== undefined && { batchId }) };
}

/** The lines that the entries of an NDJSON body stood on. */
const linesOf = new WeakMap<LogRequest, number[]>();

/** An NDJSON body of a log call: one entry a line. Messages begin with the line. */
export async function ndjsonLogRequest(bytes: Buffer, batchId: string | undefined): Promise<LogRequest> {
  const entries: LogEntry[] = [];
  const lines: number[] = [];
  const turn = new Turn();
  for await (const { line, value } of parseNdjson(bytes)) {
    if (lines.length === LIMITS.entries) {
      throw new StoreError('limit_exceeded', `The body has more entries than the limit of ${LIMITS.entries}.`);
    }
    entries.push(await requireEntry(value, `Line ${line}: `, '', turn));
    lines.push(line);
  }
  const request = batchId === undefined ? { entries } : { batchId, entries };
  linesOf.set(request, lines);
  return request;
}

/** Gives an entry back, checked: its metrics and its rows, of which there may be many, in turns. */
async function requireEntry(value: unknown, prefix: string, path: string, turn: Turn): Promise<LogEntry> {
  const { light, metrics, tables } = withoutMany(value);
  checkEntry(light, prefix, path);
  await turn.all(metrics, (some) => checkMetrics(some, prefix, joinPath(path, 'metrics')));
  for (const [name, rows] of tables) {
    const where = `${joinPath(joinPath(path, 'tables'), name)}.rows`;
    await turn.all(rows, (row, i) => checkRow(row, prefix, `${where}[${i}]`));
  }
  if (turn.isOver) {
    await turn.next();
  }
  return value as LogEntry;
}

/** An entry without what there may be many of, and that apart. */
function withoutMany(value: unknown) {
  const fields = isFields(value) ? value : {};
  const all = Object.entries(isFields(fields.metrics) ? fields.metrics : {});
  const tables = Object.entries(isFields(fields.tables) ? fields.tables : {}).flatMap(([name, table]) =>
    isFields(table) && Array.isArray(table.rows) ? [[name, table, table.rows] as const] : [],
  );
  const light = !isFields(value)
    ? value
    : {
        ...value,
        ...(all.length > MOST_METRICS && { metrics: {} }),
        ...(tables.length > 0 && {
          tables: {
            ...(fields.tables as object),
            ...Object.fromEntries(tables.map(([name, table]) => [name, { ...table, rows: [] }])),
          },
        }),
      };
  const metrics = all.length > MOST_METRICS ? partsOf(all) : [];
  return { light, metrics, tables: tables.map(([name, , rows]) => [name, rows] as const) };
}

/** Fields by the thousand, each part made when it is asked for. */
function* partsOf(fields: Array<[string, unknown]>): Iterable<object> {
  for (let from = 0; from < fields.length; from += MOST_METRICS) {
    yield Object.fromEntries(fields.slice(from, from + MOST_METRICS));
  }
}

/** A refusal of `entries[3]` of a request that came as NDJSON, said by its line. */
export function withLine(error: unknown, request: LogRequest): unknown {
  const [begin = '', index] = (error instanceof StoreError && /^entries\[(\d+)\]\.?/.exec(error.message)) || [];
  const line = linesOf.get(request)?.[Number(index)];
  if (line === undefined || !(error instanceof StoreError)) {
    return error;
  }
  return new StoreError(error.code, `Line ${line}: ${error.message.slice(begin.length)}`, error.retryAfter);
}
