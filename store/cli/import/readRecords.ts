import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type FileKind, isObject } from '../../formats/Format';
import { JsonBound, JsonFault } from '../../json/bounds';
import { lineAndColumn } from '../../json/lineAndColumn';
import { parseInTurns } from '../../json/parseInTurns';
import { PYTHON } from '../../json/parsePythonJson';
import { csvRecords } from './csvRecords';
import { eventRecords } from './eventRecords';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import { readJsonValues } from './readJsonValues';
import { type FileLine, MAX_LINE_BYTES, readLines } from './readLines';
import { decodeText, type TextSource, textSource } from './textSource';

const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

/** Opens a file for reading; a link that took its place is refused, and so is a pipe, which would be waited for. */
export async function openFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (!(await handle.stat()).isFile()) {
    await handle.close();
    throw new Error('It is no regular file any more.');
  }
  return handle;
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
  from: RecordPosition,
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

/** Tells how JSON is laid out: a value a line, or over several lines, in a list or one after another. */
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

async function* valueRecords(
  source: TextSource,
  from: RecordPosition & { isInList: boolean },
): AsyncGenerator<ReadRecord> {
  let { number } = from;
  for await (const part of readJsonValues(source.read(from.offset), from)) {
    number += part.bytes.length > 0 || part.isTooLong ? 1 : 0;
    const at = {
      number,
      line: part.line,
      firstLine: part.firstLine,
      source: part.bytes,
      bytes: part.bytes.length,
      offset: part.end,
    };
    const read = await readValue(part, 'record');
    if (read) {
      yield { ...at, ...read };
    }
  }
}

/** A JSON value a line. */
export async function* jsonRecords(lines: AsyncIterable<FileLine>, before = 0): AsyncGenerator<ReadRecord> {
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
    const read = await readValue(line, 'line');
    if (read) {
      yield { ...at, ...read };
    }
  }
}

/** Reads what a piece of JSON says; returns undefined for one that is not finished. */
async function readValue(
  line: FileLine,
  what: string,
): Promise<Pick<ReadRecord, 'value' | 'fault' | 'remark'> | undefined> {
  if (line.isTooLong) {
    return { fault: `The ${what} is longer than ${MAX_LINE_BYTES / 1024 / 1024} MB.` };
  }
  const { bytes, isUnicode } = unicode(line.bytes);
  if (bytes.toString('utf8', 0, BLANK_BYTES).trim() === '' && bytes.toString('utf8').trim() === '') {
    return {};
  }
  const read = await readJson(bytes);
  if ('value' in read) {
    const value = scalarOf(read.value);
    const remark = isUnicode ? undefined : 'It is not UTF-8 here, and is read as Latin-1.';
    return isObject(value)
      ? { value, ...(remark !== undefined && { remark }) }
      : { fault: `The ${what} is JSON, but no object.` };
  }
  const { fault } = read;
  if (fault instanceof JsonBound) {
    return { fault: `The ${what} ${fault.message}.` };
  }
  if (!line.isComplete) {
    return undefined;
  }
  const { column } = await lineAndColumn(bytes, fault.at);
  return { fault: `The ${what} is not JSON. Column ${column}: ${fault.problem}.` };
}

/** Bytes of a piece that are looked at first: where these are blank, all of it may be. */
const BLANK_BYTES = 1024;

function unicode(bytes: Buffer): { bytes: Buffer; isUnicode: boolean } {
  const isUnicode = isUtf8(bytes);
  return { bytes: isUnicode ? bytes : Buffer.from(decodeText(bytes, false)), isUnicode };
}

/** A value within the bounds of what the store takes: what would grow without end, or nest so, is never built. */
async function readJson(bytes: Buffer): Promise<{ value: unknown } | { fault: JsonFault | JsonBound }> {
  try {
    return { value: await parseInTurns(bytes, PYTHON) };
  } catch (fault) {
    if (fault instanceof JsonFault || fault instanceof JsonBound) {
      return { fault };
    }
    throw fault;
  }
}

/** TensorBoard's JSON has a point as a list, in the order of its CSV. */
function scalarOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 3 || !Number.isSafeInteger(value[1]) || typeof value[0] !== 'number') {
    return value;
  }
  return { 'Wall time': value[0], Step: value[1], Value: value[2] };
}

/** A JSON document; throws when it is not whole, which one that is written to is not. */
export async function readDocument(path: string, kind: FileKind) {
  const handle = await openFile(path);
  let bytes: Buffer;
  try {
    bytes = await wholeText(handle);
  } finally {
    await handle.close();
  }
  const print = createHash('sha1').update(bytes).digest('hex');
  const text = unicode(bytes).bytes;
  const read = await readJson(text);
  if ('fault' in read) {
    const { fault } = read;
    if (fault instanceof JsonBound) {
      throw new Error(`It ${fault.message}.`);
    }
    const { line, column } = await lineAndColumn(text, fault.at);
    throw new Error(`It is not JSON. Line ${line}, column ${column}: ${fault.problem}.`);
  }
  if (!isObject(read.value)) {
    throw new Error('It is JSON, but no object.');
  }
  return { print, document: read.value, records: kind.records?.(read.value) ?? [read.value], bytes: bytes.length };
}

async function wholeText(handle: FileHandle): Promise<Buffer> {
  const source = await textSource(handle);
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(0)) {
    chunks.push(chunk);
    if (source.end > MAX_DOCUMENT_BYTES) {
      throw new Error(`It has more than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MB, which is the limit.`);
    }
  }
  if (source.fault !== undefined) {
    throw new Error(source.fault);
  }
  return Buffer.concat(chunks);
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

/** Rows of a parquet file after the first `from`. */
export async function* parquetRecords(rows: AsyncIterable<string>, from: number): AsyncGenerator<ReadRecord> {
  let number = from;
  for await (const source of rows) {
    number++;
    const place = { number, line: number, firstLine: number, offset: number };
    yield { ...place, bytes: source.length, source, value: JSON.parse(source) as Record<string, unknown> };
  }
}
