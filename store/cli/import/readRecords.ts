import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type FileKind, isObject } from '../../formats/Format';
import { findJsonError } from '../../json/findJsonError';
import { parsePythonJson } from '../../json/parsePythonJson';
import { csvCells, csvValue, isWholeRecord } from './csvRecord';
import { parquetRecords } from './parquetRecords';
import { type Line, MAX_LINE_BYTES, readLines } from './readLines';

const MAX_DOCUMENT_BYTES = 512 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** A record of a file, or why there is none. */
export interface ReadRecord {
  /** Counts from 1: the line, or the place in the document. */
  number: number;
  /** What tells this record from another of the file. */
  source: Buffer | string;
  /** Bytes, roughly, that it takes when it is sent. */
  bytes: number;
  /** Missing for a line that is empty, and for one with a fault. */
  value?: Record<string, unknown>;
  fault?: string;
  /** Where to read on after it: bytes of a text, records of a document. */
  offset: number;
}

/** Opens a file for reading; a link that took its place is refused. */
export function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/**
 * Records of a text that grows, from a byte on. What stands after the last line feed is given only if it is a whole JSON
 * object, which no longer line begins with, or for CSV if `isFinal`.
 */
export async function* textRecords(
  handle: FileHandle,
  kind: FileKind,
  from: { offset: number; number: number },
  isFinal: boolean,
): AsyncGenerator<ReadRecord> {
  const lines = readLines(chunksOf(handle, from.offset), from.offset);
  if (kind.reads === 'csv') {
    const header = from.offset === 0 ? undefined : await readHeader(handle);
    yield* csvRecords(lines, header, from.number, isFinal);
  } else {
    yield* jsonRecords(lines, from.number);
  }
}

async function* chunksOf(handle: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let position = from; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) {
      return;
    }
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A JSON value a line. */
export async function* jsonRecords(lines: AsyncIterable<Line>, before = 0): AsyncGenerator<ReadRecord> {
  let number = before;
  for await (const line of lines) {
    number++;
    const at = { number, source: line.bytes, bytes: line.bytes.length, offset: line.end };
    if (line.isTooLong) {
      yield { ...at, fault: `The line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MB.` };
      continue;
    }
    const text = line.bytes.toString('utf8');
    if (text.trim() === '') {
      yield at;
      continue;
    }
    try {
      const value = parsePythonJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
      yield isObject(value) ? { ...at, value } : { ...at, fault: 'The line is JSON, but no object.' };
    } catch {
      if (line.isComplete) {
        const { column, problem } = findJsonError(text);
        yield { ...at, fault: `The line is not JSON. Column ${column}: ${problem}.` };
      }
    }
  }
}

async function* csvRecords(
  lines: AsyncIterable<Line>,
  known: string[] | undefined,
  before: number,
  isFinal: boolean,
): AsyncGenerator<ReadRecord> {
  let header = known;
  let number = before;
  let held: Buffer[] = [];
  for await (const line of lines) {
    held.push(line.bytes, Buffer.from('\n'));
    const source = Buffer.concat(held);
    const text = source.toString('utf8').replace(/\r?\n$/, '');
    if (!isWholeRecord(text) || !(line.isComplete || isFinal)) {
      continue;
    }
    held = [];
    number++;
    const at = { number, source, bytes: source.length, offset: line.end };
    if (text.trim() === '') {
      yield at;
      continue;
    }
    try {
      const cells = csvCells(text);
      if (!header) {
        header = cells.map((cell, i) => (i === 0 ? cell.replace(/^\ufeff/, '') : cell));
        continue;
      }
      if (cells.length !== header.length) {
        throw new Error(`it has ${cells.length} cells for ${header.length} columns.`);
      }
      yield { ...at, value: Object.fromEntries(header.map((name, i) => [name, csvValue(cells[i] ?? '')])) };
    } catch (cause) {
      yield { ...at, fault: `The record is not CSV: ${cause instanceof Error ? cause.message : String(cause)}` };
    }
  }
}

async function readHeader(handle: FileHandle): Promise<string[]> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, 0);
  const text = buffer
    .subarray(0, bytesRead)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  let end = text.indexOf('\n');
  while (end >= 0 && !isWholeRecord(text.slice(0, end))) {
    end = text.indexOf('\n', end + 1);
  }
  return csvCells(text.slice(0, end < 0 ? text.length : end).replace(/\r$/, ''));
}

/** A JSON document, or a parquet file as `{rows}`; throws when it is not whole, which one that is written to is not. */
export async function readDocument(path: string, kind: FileKind) {
  const handle = await openFile(path);
  let bytes: Buffer;
  try {
    const { size } = await handle.stat();
    if (size > MAX_DOCUMENT_BYTES) {
      throw new Error(`It has ${size} bytes; the limit is ${MAX_DOCUMENT_BYTES / 1024 / 1024} MB.`);
    }
    bytes = await handle.readFile();
  } finally {
    await handle.close();
  }
  const print = createHash('sha1').update(bytes).digest('hex');
  if (kind.reads === 'parquet') {
    return { print, document: {}, records: await parquetRecords(bytes), bytes: bytes.length };
  }
  const document = parsePythonJson(bytes.toString('utf8'));
  if (!isObject(document)) {
    throw new Error('It is JSON, but no object.');
  }
  return { print, document, records: kind.records?.(document) ?? [document], bytes: bytes.length };
}

/** Records of a document after the first `from`. */
export function* documentRecords(records: readonly unknown[], from: number, bytes: number): Generator<ReadRecord> {
  for (let i = from; i < records.length; i++) {
    const value = records[i];
    const at = { number: i + 1, offset: i + 1, bytes: Math.ceil(bytes / records.length) };
    const source = JSON.stringify(value) ?? '';
    yield isObject(value) ? { ...at, source, value } : { ...at, source, fault: 'The record is no object.' };
  }
}
