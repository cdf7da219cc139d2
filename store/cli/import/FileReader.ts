import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { FileKind } from '../../formats/Format';
import type { Cursor } from './Cursor';
import type { ParquetProcess } from './ParquetProcess';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import { documentRecords, openFile, parquetRecords, readDocument, sourceOf, textRecords } from './readRecords';
import type { SeenFile } from './scanFolder';

/** Bytes at the beginning of a file, and before the place where it was left, that tell whether it is still the same. */
const PRINT_BYTES = 1024;

/** The beginning of a file that is looked at to tell how all of it is to be taken. */
const HEAD_RECORDS = 200;
const HEAD_BYTES = 1024 * 1024;
const START: RecordPosition = { offset: 0, number: 0, line: 0 };

/** One file from where it was left: `records`, and where it would be left after each. */
export interface FileReader {
  /** 0 for a file read for the first time; one more each time it began anew. */
  generation: number;
  /** It had been read, and begins anew: it was truncated, or replaced by another. */
  isRestarted: boolean;
  /** The first records of the file, those with a fault left out. */
  head(): Promise<Record<string, unknown>[]>;
  records(isFinal: boolean): AsyncGenerator<ReadRecord> | Generator<ReadRecord>;
  cursorAt(place: RecordPosition): Promise<Cursor>;
  /** Says why the file was not read to its end; undefined where nothing kept it from that. */
  fault(): string | undefined;
  close(): Promise<void>;
}

/** Opens a file that grows, or a document. Throws when a document is not whole. */
export function openReader(
  file: SeenFile,
  kind: FileKind,
  cursor: Cursor | undefined,
  parquet: ParquetProcess,
): Promise<FileReader> {
  return isText(kind) ? openText(file, kind, cursor) : openDocument(file, kind, cursor, parquet);
}

/** Says whether a file is read from where it was left as it grows. */
export const isText = ({ reads }: FileKind) => reads !== 'json' && reads !== 'parquet';

async function openText(file: SeenFile, kind: FileKind, cursor: Cursor | undefined): Promise<FileReader> {
  const handle = await openFile(file.path);
  const isSame =
    cursor === undefined ||
    (cursor.print !== '' && (await printOf(handle, cursor.raw ?? cursor.offset)) === cursor.print);
  const from: Pick<Cursor, 'offset' | 'number' | 'line' | 'isLast'> =
    cursor && isSame ? cursor : { offset: 0, number: 0 };
  const generation = (cursor?.generation ?? 0) + (isSame ? 0 : 1);
  const source = await sourceOf(handle, kind);
  return {
    generation,
    isRestarted: !isSame,
    head: () => headOf(textRecords(source, kind, START, true)),
    records: (isFinal) => textRecords(source, kind, { ...from, line: from.line ?? from.number }, isFinal),
    cursorAt: async ({ offset, number, line, isLast }) => {
      // Where a packed file was left is no place in it.
      const raw = source.isPlain ? offset : file.size;
      return {
        ...stateOf(file, kind, generation),
        offset,
        number,
        line,
        ...(!source.isPlain && { raw }),
        ...(isLast ? { isLast } : (offset < source.end || source.isCut) && { hasRest: true }),
        print: await printOf(handle, raw),
      };
    },
    fault: () => source.fault,
    close: () => handle.close(),
  };
}

async function openDocument(
  file: SeenFile,
  kind: FileKind,
  cursor: Cursor | undefined,
  parquet: ParquetProcess,
): Promise<FileReader> {
  const { print, recordsAfter } =
    kind.reads === 'parquet' ? await openParquet(file, parquet) : await openJson(file, kind);
  const isSame = cursor === undefined || cursor.print === print;
  // Nothing is taken twice of a document that repeats its history, however often it is read.
  const generation = kind.once ? 0 : (cursor?.generation ?? 0) + (isSame ? 0 : 1);
  return {
    generation,
    isRestarted: !isSame && !kind.once,
    head: () => headOf(recordsAfter(0)),
    records: () => recordsAfter(cursor && isSame ? cursor.number : 0),
    cursorAt: async ({ offset, number }) => ({ ...stateOf(file, kind, generation), offset, number, print }),
    fault: () => undefined,
    close: async () => {},
  };
}

async function openJson(file: SeenFile, kind: FileKind) {
  const { print, records, bytes } = await readDocument(file.path, kind);
  return { print, recordsAfter: (from: number) => documentRecords(records, from, bytes) };
}

async function openParquet(file: SeenFile, parquet: ParquetProcess) {
  const { print, rows } = await parquet.open(file.path);
  return { print, recordsAfter: (from: number) => parquetRecords(rows(from), from) };
}

async function headOf(records: AsyncIterable<ReadRecord> | Iterable<ReadRecord>): Promise<Record<string, unknown>[]> {
  const head: Record<string, unknown>[] = [];
  let bytes = 0;
  for await (const record of records) {
    bytes += record.bytes;
    if (record.value) {
      head.push(record.value);
    }
    if (head.length >= HEAD_RECORDS || bytes > HEAD_BYTES) {
      break;
    }
  }
  return head;
}

function stateOf(file: SeenFile, kind: FileKind, generation: number) {
  return { kind: kind.label, id: file.id, generation, size: file.size, modified: file.modified };
}

/** Says whether a file begins with what was read of a text by a cursor: it is that file under another name. */
export async function beginsAs(path: string, { offset, raw = offset, print }: Cursor): Promise<boolean> {
  try {
    const handle = await openFile(path);
    return await printOf(handle, raw)
      .then((own) => raw > 0 && own === print)
      .finally(() => handle.close());
  } catch {
    return false;
  }
}

/** A hash of the bytes before an offset; empty when there are not so many any more. */
async function printOf(handle: FileHandle, offset: number): Promise<string> {
  const hash = createHash('sha1');
  const length = Math.min(PRINT_BYTES, offset);
  for (const position of [0, offset - length]) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    if (bytesRead < length) {
      return '';
    }
    hash.update(buffer);
  }
  return hash.digest('hex');
}
