import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type FileKind, isObject } from '../../formats/Format';
import { findJsonError } from '../../json/findJsonError';
import { parsePythonJson } from '../../json/parsePythonJson';
import { csvRecords } from './csvRecords';
import { eventRecords } from './eventRecords';
import { parquetRecords } from './parquetRecords';
import type { Place, ReadRecord } from './ReadRecord';
import { readJsonValues } from './readJsonValues';
import { type Line, MAX_LINE_BYTES, readLines } from './readLines';
import { decodeText, type TextSource, textSource } from './textSource';

const MAX_DOCUMENT_BYTES = 512 * 1024 * 1024;

/** Opens a file for reading; a link that took its place is refused. */
export function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/** Opens what is in a file that grows. */
export const sourceOf = (handle: FileHandle, { reads }: FileKind): Promise<TextSource> =>
  textSource(handle, reads === 'events' ? 'binary' : 'text');

/**
 * Records of a text that grows, from a byte on. What stands after the last line feed is given only if it is a whole JSON
 * object, which no longer line begins with, or for CSV if `isFinal`.
 */
export async function* textRecords(
  source: TextSource,
  kind: FileKind,
  from: Place,
  isFinal: boolean,
): AsyncGenerator<ReadRecord> {
  if (kind.reads === 'csv') {
    yield* csvRecords(source, from, isFinal);
    return;
  }
  if (kind.reads === 'events') {
    yield* eventRecords(source, from);
    return;
  }
  const layout = kind.reads === 'values' ? 'values' : await layoutOf(source);
  if (layout === 'lines') {
    yield* jsonRecords(readLines(source.read(from.offset), from.offset), from.line);
    return;
  }
  const isInList = from.offset > 0 && (await layoutOf(source)) === 'list';
  yield* valueRecords(source, { ...from, isInList });
}

/** How JSON is laid out: a value a line, or over several lines, in a list or one after another. */
async function layoutOf(source: TextSource): Promise<'lines' | 'list' | 'values'> {
  for await (const chunk of source.read(0)) {
    const head = chunk
      .subarray(0, 1024)
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .trimStart();
    return head.startsWith('[') ? 'list' : /^\{\s*\n/.test(head) ? 'values' : 'lines';
  }
  return 'lines';
}

async function* valueRecords(source: TextSource, from: Place & { isInList: boolean }): AsyncGenerator<ReadRecord> {
  let { number } = from;
  for await (const part of readJsonValues(source.read(from.offset), from)) {
    number++;
    const at = {
      number,
      line: part.line,
      firstLine: part.firstLine,
      source: part.bytes,
      bytes: part.bytes.length,
      offset: part.end,
    };
    const read = readValue(part, 'record');
    if (read) {
      yield { ...at, ...read };
    }
  }
}

/** A JSON value a line. */
export async function* jsonRecords(lines: AsyncIterable<Line>, before = 0): AsyncGenerator<ReadRecord> {
  let number = before;
  for await (const line of lines) {
    number++;
    const at = {
      number,
      line: number,
      firstLine: number,
      source: line.bytes,
      bytes: line.bytes.length,
      offset: line.end,
    };
    const read = readValue(line, 'line');
    if (read) {
      yield { ...at, ...read };
    }
  }
}

/** What a piece of JSON says; undefined for one that is not finished. */
function readValue(line: Line, what: string): Pick<ReadRecord, 'value' | 'fault' | 'note'> | undefined {
  if (line.isTooLong) {
    return { fault: `The ${what} is longer than ${MAX_LINE_BYTES / 1024 / 1024} MB.` };
  }
  const isUnicode = isUtf8(line.bytes);
  const text = decodeText(line.bytes, isUnicode);
  if (text.trim() === '') {
    return {};
  }
  try {
    const value = scalarOf(parsePythonJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
    const note = isUnicode ? undefined : 'It is not UTF-8 here, and is read as Latin-1.';
    return isObject(value)
      ? { value, ...(note !== undefined && { note }) }
      : { fault: `The ${what} is JSON, but no object.` };
  } catch {
    if (!line.isComplete) {
      return undefined;
    }
    const { column, problem } = findJsonError(text);
    return { fault: `The ${what} is not JSON. Column ${column}: ${problem}.` };
  }
}

/** TensorBoard's JSON has a point as a list, in the order of its CSV. */
function scalarOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 3 || !Number.isSafeInteger(value[1]) || typeof value[0] !== 'number') {
    return value;
  }
  return { 'Wall time': value[0], Step: value[1], Value: value[2] };
}

/** A JSON document, or a parquet file as `{rows}`; throws when it is not whole, which one that is written to is not. */
export async function readDocument(path: string, kind: FileKind) {
  const handle = await openFile(path);
  let bytes: Buffer;
  try {
    bytes = kind.reads === 'parquet' ? await wholeFile(handle) : await wholeText(handle);
  } finally {
    await handle.close();
  }
  const print = createHash('sha1').update(bytes).digest('hex');
  if (kind.reads === 'parquet') {
    return { print, document: {}, records: await parquetRecords(bytes), bytes: bytes.length };
  }
  const document = parsePythonJson(decodeText(bytes, isUtf8(bytes)).replace(/^\ufeff/, ''));
  if (!isObject(document)) {
    throw new Error('It is JSON, but no object.');
  }
  return { print, document, records: kind.records?.(document) ?? [document], bytes: bytes.length };
}

async function wholeFile(handle: FileHandle): Promise<Buffer> {
  requireSize((await handle.stat()).size);
  return handle.readFile();
}

async function wholeText(handle: FileHandle): Promise<Buffer> {
  const source = await textSource(handle);
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(0)) {
    chunks.push(chunk);
    requireSize(source.end);
  }
  if (source.fault !== undefined) {
    throw new Error(source.fault);
  }
  return Buffer.concat(chunks);
}

function requireSize(bytes: number): void {
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new Error(`It has ${bytes} bytes or more; the limit is ${MAX_DOCUMENT_BYTES / 1024 / 1024} MB.`);
  }
}

/** Records of a document after the first `from`. */
export function* documentRecords(records: readonly unknown[], from: number, bytes: number): Generator<ReadRecord> {
  for (let i = from; i < records.length; i++) {
    const value = records[i];
    const place = { number: i + 1, line: i + 1, firstLine: i + 1, offset: i + 1 };
    const at = { ...place, bytes: Math.ceil(bytes / records.length) };
    const source = JSON.stringify(value) ?? '';
    yield isObject(value) ? { ...at, source, value } : { ...at, source, fault: 'The record is no object.' };
  }
}
