import { isUtf8 } from 'node:buffer';
import { columnRoles } from '../../formats/columnRoles';
import { CsvWindow } from './CsvWindow';
import { type CsvHead, type CsvRow, parseCsv, readCsvHead } from './csvDialect';
import { type CsvReading, csvValue } from './csvValue';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import { decodeText, type TextSource } from './textSource';

/** Bytes that are parsed at one go; twice as many when no record ends within them, so that none is parsed often. */
const WINDOW_BYTES = 1024 * 1024;
/** A record beyond it fits no call, and is passed over. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Quotes of one file that open a cell and never close; each costs a look at all that follows. */
const MOST_STRAYS = 16;

/** A CSV file from a place on: a record a row under the names of the first. */
export async function* csvRecords(
  source: TextSource,
  from: RecordPosition,
  isFinal: boolean,
): AsyncGenerator<ReadRecord> {
  const head = await headOf(source, isFinal);
  if (head === 'too long') {
    const fault = `The names of its columns take more than ${WINDOW_BYTES / 1024 / 1024} MB.`;
    yield { number: 1, line: 1, firstLine: 1, offset: source.end, source: '', bytes: 0, fault };
  } else if (head) {
    yield* new CsvReader(source, head, isFinal).records(from);
  }
}

async function headOf(source: TextSource, isFinal: boolean): Promise<CsvHead | 'too long' | undefined> {
  const window = new CsvWindow(source.read(0));
  await window.grow(WINDOW_BYTES);
  await window.close();
  const head = readCsvHead(window.text, window.isEnd && isFinal);
  return head ?? (window.isEnd ? undefined : 'too long');
}

class CsvReader {
  private readonly names: string[];
  private readonly readings: CsvReading[];
  private strays = 0;
  private window: CsvWindow;
  private at: RecordPosition = { offset: 0, number: 0, line: 0 };

  constructor(
    private readonly source: TextSource,
    private readonly head: CsvHead,
    private readonly isFinal: boolean,
  ) {
    this.names = uniqueNames(head.header.map((cell) => textOf(cell).text));
    const roles = columnRoles(this.names).map(({ role }) => role);
    this.readings = roles.map((role) => ({ ...(role && { role }), hasCommas: head.hasCommas }));
    this.window = new CsvWindow(source.read(0));
  }

  async *records(from: RecordPosition): AsyncGenerator<ReadRecord> {
    const isNew = from.offset === 0;
    this.at = isNew ? { offset: this.head.from, number: 0, line: 0 } : { ...from };
    await this.moveTo(this.at.offset);
    if (isNew) {
      await this.window.grow(this.head.to - this.head.from);
      const header = this.pass(this.window.text.slice(0, this.head.to - this.head.from));
      const { hasCommas, delimiter } = this.head;
      yield hasCommas && delimiter !== ';'
        ? { ...header, remark: 'Commas in numbers are taken for decimal points.' }
        : header;
    }
    for (let size = WINDOW_BYTES; ; ) {
      await this.window.grow(size);
      const { text, isEnd } = this.window;
      const isLast = isEnd && this.isFinal;
      const { rows, open } = parseCsv(text, this.head, isLast, undefined, this.strays < MOST_STRAYS);
      yield* this.take(rows, text);
      if (open !== undefined) {
        yield* this.takeStray();
      } else if (isEnd) {
        return;
      } else if (rows.length > 0) {
        size = WINDOW_BYTES;
      } else if (size < MOST_BYTES) {
        size *= 2;
      } else {
        yield* this.passLong();
      }
    }
  }

  private *take(rows: readonly CsvRow[], text: string): Generator<ReadRecord> {
    let start = 0;
    for (const { cells, end } of rows) {
      const raw = text.slice(start, end);
      start = end;
      if (raw !== '') {
        yield { ...this.passed(raw), ...this.read(cells, raw) };
      }
    }
    this.window.drop(start);
  }

  /** A quote that opens a cell and never closes is text, and so are all others of its line. */
  private async *takeStray(): AsyncGenerator<ReadRecord> {
    const { text } = this.window;
    const end = text.indexOf(this.head.newline);
    const raw = end < 0 ? text : text.slice(0, end + 1);
    const { rows } = parseCsv(raw, this.head, true, 1, false);
    this.strays++;
    const all = this.strays === MOST_STRAYS ? ' From here on all quotes are.' : '';
    const remark = `A quote opens a cell here and never closes; it is read as text.${all}`;
    this.window.drop(raw.length);
    yield { ...this.passed(raw), ...this.read(rows[0]?.cells ?? [], raw), remark };
  }

  /** A record that is beyond the limit: passed over, or only its first line where its quotes never close. */
  private async *passLong(): AsyncGenerator<ReadRecord> {
    const { at } = this;
    const { bytes, lines, isOpen } = await this.window.passRecord(this.head, this.strays < MOST_STRAYS);
    if (!isOpen) {
      const line = at.line + 1;
      this.at = { offset: at.offset + bytes, number: at.number + 1, line: at.line + lines };
      const fault = `The record is longer than ${MOST_BYTES / 1024 / 1024} MB.`;
      yield { ...this.at, firstLine: line, source: `${at.offset} ${bytes}`, bytes: 0, fault };
      return;
    }
    await this.moveTo(at.offset);
    await this.window.grow(MOST_BYTES);
    if (this.window.text.includes(this.head.newline)) {
      yield* this.takeStray();
      return;
    }
    this.strays = MOST_STRAYS;
  }

  private async moveTo(offset: number): Promise<void> {
    await this.window.close();
    this.window = new CsvWindow(this.source.read(offset));
  }

  private pass(raw: string): ReadRecord {
    this.window.drop(raw.length);
    return this.passed(raw);
  }

  private passed(raw: string): ReadRecord {
    const { at } = this;
    const firstLine = at.line + 1;
    const lines = Math.max(1, count(raw, this.head.newline));
    this.at = { offset: at.offset + raw.length, number: at.number + 1, line: at.line + lines };
    return { ...this.at, firstLine, source: raw, bytes: raw.length };
  }

  /** The name of a cell behind those that have one. */
  private nameOfMore(i: number): string {
    let name = `column_${i + 1}`;
    while (this.names.includes(name)) {
      name += '_';
    }
    return name;
  }

  private read(cells: string[], raw: string): Pick<ReadRecord, 'value' | 'fault' | 'remark'> {
    const { names, readings } = this;
    if (cells.length < 2 && raw.trim() === '') {
      return {};
    }
    while (cells.length > names.length && cells.at(-1)?.trim() === '') {
      cells.pop();
    }
    const { header, hasCommas } = this.head;
    if (cells.length === header.length && cells.every((cell, i) => cell === header[i])) {
      return {
        remark: 'The names of the columns stand here again, as in files that were put together; they are no record.',
      };
    }
    const isAscii = ASCII.test(raw);
    let isLatin = false;
    const value = cells.map((written, i): [string, unknown] => {
      const cell = isAscii ? { text: written, isUtf8: true } : textOf(written);
      isLatin ||= !cell.isUtf8;
      return [names[i] ?? this.nameOfMore(i), csvValue(cell.text, readings[i] ?? { hasCommas })];
    });
    const remark =
      raggedNote(cells.length, names.length) ?? (isLatin ? 'It is not UTF-8 here, and is read as Latin-1.' : undefined);
    return { value: Object.fromEntries(value), ...(remark !== undefined && { remark }) };
  }
}

/** Returns a note on a record that has not as many cells as there are columns; undefined for one that has. */
function raggedNote(cells: number, columns: number): string | undefined {
  if (cells === columns) {
    return undefined;
  }
  return cells < columns
    ? 'A record has fewer cells than there are columns; those that are missing are null.'
    : `A record has more cells than there are columns; they are kept as column_${columns + 1} and so on.`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const ASCII = /^[\x00-\x7f]*$/;

/** Decodes the bytes of a cell, which come as a character each. */
function textOf(cell: string): { text: string; isUtf8: boolean } {
  if (ASCII.test(cell)) {
    return { text: cell, isUtf8: true };
  }
  const bytes = Buffer.from(cell, 'latin1');
  const utf8 = isUtf8(bytes);
  return { text: decodeText(bytes, utf8), isUtf8: utf8 };
}

/** Names of columns, each once: of several that are the same, the second gets `.2`; one without any is told by its place. */
export function uniqueNames(header: readonly string[]): string[] {
  const names = header.map((name, i) => name.trim() || `column_${i + 1}`);
  const taken = new Set(names);
  const numbers = new Map<string, number>();
  return names.map((name) => {
    let number = (numbers.get(name) ?? 0) + 1;
    while (number > 1 && taken.has(`${name}.${number}`)) {
      number++;
    }
    numbers.set(name, number);
    return number === 1 ? name : `${name}.${number}`;
  });
}

function count(text: string, what: string): number {
  let found = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) {
    found++;
  }
  return found;
}
