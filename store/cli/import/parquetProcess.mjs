// A process that reads parquet files for an import. A small file may be made to grow without end when it is decoded, and a
// heap that is full ends its process at once. So a thread decodes, the main thread watches how much memory all of it takes,
// and the import outlives both. Plain JavaScript, so that it runs from the sources (tests) as well as beside the built store.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { PARSERS, plainSchema, rowReader } from './parquetValues.mjs';

/** Megabytes of the thread's heap, and of the whole process. */
const HEAP_MB = 768;
const PROCESS_MB = 1_024;
const LOOK_MS = 20;
/** The exit code that stands for too much memory. */
const TOO_LARGE = 3;
/** Characters of one answer. */
const ANSWER_CHARS = 4 * 1024 * 1024;
/** Characters of all rows: so many times the file's bytes, and for small files so many. */
const MOST_GROWTH = 100;
const LEAST_CHARS = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

function watch() {
  const thread = new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  thread.on('message', (answer) => process.send(answer));
  thread.on('error', () => process.exit(TOO_LARGE));
  process.on('message', (question) => thread.postMessage(question));
  process.on('disconnect', () => process.exit());
  setInterval(() => {
    if (process.memoryUsage.rss() > PROCESS_MB * 1024 * 1024) {
      process.exit(TOO_LARGE);
    }
  }, LOOK_MS);
}

/** Answers `{path}` with what tells the file from others, with `from` with rows after that one, and `{more}` with the next. */
function decode() {
  let file;
  let rows;
  parentPort.on('message', async ({ path, from, more }) => {
    try {
      if (path !== undefined) {
        file?.close();
        file = undefined;
        rows = undefined;
        file = openFile(path);
        if (from === undefined) {
          parentPort.postMessage({ print: file.print() });
          return;
        }
      }
      rows = more ? rows : textsOf(file, from);
      const texts = [];
      let isOver = false;
      for (let chars = 0; chars < ANSWER_CHARS && !isOver; ) {
        const { value, done } = await rows.next();
        isOver = done === true;
        if (!isOver) {
          texts.push(value);
          chars += value.length;
        }
      }
      parentPort.postMessage({ texts, isOver });
    } catch (error) {
      parentPort.postMessage({ fault: faultOf(error), code: error?.code });
    }
  });
}

/** What is wrong with a file as such. */
class Unfit extends Error {}

/** What a decoder stumbles over in bytes that mean nothing says nothing to a person, unless it says it on purpose. */
function faultOf(error) {
  if (error instanceof Unfit || error?.code !== undefined) {
    return error.message;
  }
  return error?.constructor === Error
    ? `It cannot be decoded: ${error.message}.`
    : 'It is damaged, and cannot be decoded.';
}

/** Rows after the first `from`, each as JSON. */
async function* textsOf(file, from) {
  const most = Math.max(LEAST_CHARS, MOST_GROWTH * file.byteLength);
  const metadata = await parquetMetadataAsync(file);
  const plainRow = rowReader(metadata, plainSchema(metadata));
  // What is not said to be a text may be none.
  const options = { file, metadata, compressors, parsers: PARSERS, utf8: false };
  let rowStart = 0;
  let chars = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    if (!(rowEnd >= rowStart)) {
      throw new Unfit('It has fewer rows than none.');
    }
    const rows = rowEnd > from ? await parquetReadObjects({ ...options, rowStart, rowEnd }) : [];
    for (let i = Math.max(0, from - rowStart); i < rows.length; i++) {
      const text = JSON.stringify(plainRow(rows[i]));
      chars += text.length;
      if (chars > most) {
        throw new Unfit(`It grows to more than ${Math.ceil(most / 1024 / 1024)} MB, ${MOST_GROWTH} times its size.`);
      }
      yield text;
    }
    rowStart = rowEnd;
  }
}

function openFile(path) {
  // A link, or a pipe on which opening would wait, may have taken its place.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = fstatSync(handle);
  const byteLength = stats.isFile() ? stats.size : 0;
  const slice = (start, end = byteLength) => {
    const [first, last] = [start < 0 ? byteLength + start : start, Math.min(end, byteLength)];
    const buffer = Buffer.alloc(Math.max(0, last - first));
    const read = readSync(handle, buffer, 0, buffer.length, first);
    return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + read);
  };
  const mark = (at) => Buffer.from(slice(at, at + 4)).toString('latin1');
  if (byteLength < 12 || mark(0) !== 'PAR1' || mark(byteLength - 4) !== 'PAR1') {
    closeSync(handle);
    throw new Unfit('It is not a whole parquet file.');
  }
  return {
    byteLength,
    slice,
    close: () => closeSync(handle),
    print() {
      const hash = createHash('sha1');
      for (let at = 0; at < byteLength; at += CHUNK_BYTES) {
        hash.update(Buffer.from(slice(at, at + CHUNK_BYTES)));
      }
      return hash.digest('hex');
    },
  };
}

if (isMainThread) {
  watch();
} else {
  decode();
}
