import { setImmediate } from 'node:timers/promises';
import { mediaText } from '@rolloscope/contract';
import { csvRecord } from '@rolloscope/contract/csv';
import type { Column } from '@rolloscope/contract/types';
import type { ReadOptions } from '../engine/ReadOptions';
import type { RowStream } from '../services';

type TextFormat = 'csv' | 'jsonl';

/** Characters written before the reader is asked to take them. */
const TURN = 65_536;

/** The bytes of an export, as they are asked for. */
export async function* exportText(stream: RowStream, format: TextFormat, asker: ReadOptions): AsyncGenerator<Buffer> {
  const columns = stream.columns.map(({ name }) => name);
  const names = columns.map((name) => `${JSON.stringify(name)}:`);
  const line = format === 'csv' ? csvLine(stream.columns) : (row: unknown[]) => jsonLine(names, row);
  let text = format === 'csv' ? csvRecord(columns) : '';
  for await (const rows of stream.chunks(asker)) {
    for (const row of rows) {
      text += line(row);
      if (text.length >= TURN) {
        yield Buffer.from(text);
        text = '';
        await setImmediate();
      }
    }
  }
  yield Buffer.from(text);
}

/** Returns a writer of CSV lines. It gives media by their address, since people and spreadsheets read the file. */
function csvLine(columns: readonly Column[]): (row: readonly unknown[]) => string {
  const media = columns.flatMap(({ role }, i) => (role === 'media' ? [i] : []));
  return media.length === 0
    ? csvRecord
    : (row) => csvRecord(row.map((cell, i) => (media.includes(i) ? mediaText(cell) : cell)));
}

/** Writes a row by hand: an object would lose a column named `__proto__`, and reorder those that are numbers. */
function jsonLine(names: readonly string[], row: readonly unknown[]): string {
  return `{${names.map((name, column) => name + JSON.stringify(row[column] ?? null)).join(',')}}\n`;
}
