import type { Asker } from '../Access';
import type { Reading } from '../services';
import type { Allowance } from './Allowance';
import { CONSOLE_TABLE } from './consoleRows';

/** The table of texts that were logged among the numbers; a line has them among its own. */
const TEXTS = 'texts';
/** Tables of the store's own making, which no history line named. */
const OWN: ReadonlySet<string> = new Set([CONSOLE_TABLE, TEXTS]);

/** A table as a history line has it: it says where the rows are. */
interface TableValue {
  _type: 'table-file';
  path: string;
  ncols: number;
  nrows: number;
}

interface AtStep {
  step: number;
  /** Epoch milliseconds. */
  time: number;
}

/** A table that was logged at a step, or a text: what the line of that step has under a name. */
interface LineValue extends AtStep {
  name: string;
  value: TableValue | string;
}

/** A file of a run that its rows are told in. */
interface TablePath {
  table: string;
  step: number;
}

/** Tables of a run as W&B's clients read them back: a value in the line of a step, and a file with the rows of that step. */
export class RunTables {
  constructor(private readonly reading: Reading) {}

  /** Tables and texts of the steps from `minStep` on and before `maxStep`. */
  async values(id: string, minStep: number, maxStep: number, asker: Asker, allowance: Allowance): Promise<LineValue[]> {
    const { tables } = await this.reading.tableList({ runs: [id] }, asker);
    const steps = { from: minStep, to: maxStep - 1 };
    const found: LineValue[] = [];
    for (const { name, columns, firstStep, lastStep } of tables) {
      const isThere = (lastStep ?? minStep) >= minStep && (firstStep ?? minStep) < maxStep;
      if (!isThere || name === CONSOLE_TABLE) {
        continue;
      }
      if (name === TEXTS) {
        found.push(...(await this.texts(id, steps, asker, allowance)));
        continue;
      }
      const counts = new Map<number, AtStep & { rows: number }>();
      for await (const [step, time] of this.cells(id, name, steps, ['step', 'time'], asker)) {
        const known = counts.get(Number(step));
        if (known) {
          known.rows++;
        } else {
          allowance.take(1, 1);
          counts.set(Number(step), { step: Number(step), time: Number(time), rows: 1 });
        }
      }
      const ncols = columns.filter(({ origin }) => origin === 'logged').length;
      for (const { step, time, rows } of counts.values()) {
        const value: TableValue = { _type: 'table-file', path: pathOf({ table: name, step }), ncols, nrows: rows };
        found.push({ name, step, time, value });
      }
    }
    return found;
  }

  private async texts(id: string, steps: { from: number; to: number }, asker: Asker, allowance: Allowance) {
    const found: LineValue[] = [];
    for await (const [name, value, step, time] of this.cells(
      id,
      TEXTS,
      steps,
      ['name', 'value', 'step', 'time'],
      asker,
    )) {
      allowance.take(1, 1 + Math.ceil(String(value).length / 40));
      found.push({ name: String(name), value: String(value), step: Number(step), time: Number(time) });
    }
    return found;
  }

  /** The rows of a file as W&B writes one, piece by piece; undefined where there is no such table. */
  async file(id: string, { table, step }: TablePath, asker: Asker): Promise<AsyncGenerator<string> | undefined> {
    const { tables } = await this.reading.tableList({ runs: [id] }, asker);
    const columns = tables.find(({ name }) => name === table && !OWN.has(name))?.columns;
    const names = columns?.filter(({ origin }) => origin === 'logged').map(({ name }) => name);
    return names === undefined || names.length === 0
      ? undefined
      : pieces(names, this.cells(id, table, { from: step, to: step }, names, asker));
  }

  private async *cells(
    id: string,
    table: string,
    steps: { from: number; to: number },
    columns: string[],
    asker: Asker,
  ): AsyncGenerator<unknown[]> {
    const stream = await this.reading.openExport({ runs: [id], table, steps, columns, format: 'jsonl' }, asker);
    for await (const rows of stream.chunks(asker)) {
      yield* rows;
    }
  }
}

async function* pieces(names: readonly string[], rows: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  yield `{"columns": ${JSON.stringify(names)}, "data": [`;
  let before = '';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ', ';
  }
  yield ']}';
}

/** Lines with what belongs to their steps beside their numbers; a step that has nothing else gets a line of its own. */
export function withValues(
  rows: readonly Record<string, unknown>[],
  values: readonly LineValue[],
  began: number,
): Record<string, unknown>[] {
  const lines = new Map(rows.map((row) => [row._step, row]));
  for (const { name, step, time, value } of values) {
    const line = lines.get(step) ?? {
      _step: step,
      _timestamp: time / 1_000,
      _runtime: Math.max(0, time - began) / 1_000,
    };
    lines.set(step, line);
    if (!Object.hasOwn(line, name)) {
      Object.defineProperty(line, name, { value, enumerable: true, configurable: true, writable: true });
    }
  }
  return [...lines.values()].sort((a, b) => Number(a._step) - Number(b._step));
}

const pathOf = ({ table, step }: TablePath): string => `media/table/${encodeURIComponent(table)}_${step}.table.json`;

/** Reads the table and the step from a path; returns undefined for that of another file. */
export function readTablePath(path: string): TablePath | undefined {
  const [, table, step] = /^media\/table\/([^/]+)_(-?\d{1,16})\.table\.json$/.exec(path) ?? [];
  if (table === undefined || !Number.isSafeInteger(Number(step))) {
    return undefined;
  }
  try {
    return { table: decodeURIComponent(table), step: Number(step) };
  } catch {
    return undefined;
  }
}
