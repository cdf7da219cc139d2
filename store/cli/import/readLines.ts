export interface FileLine {
  /** The line without its line feed. */
  bytes: Buffer;
  /** Bytes from the beginning of the source to the end of this line, its line feed included. */
  end: number;
  /** False for what stands after the last line feed: a line that is not finished, or the last one. */
  isComplete: boolean;
  /** Too long to be kept: `bytes` is empty. */
  isTooLong: boolean;
}

/** The most bytes of a line. A longer one is passed over: it could not be parsed in the memory of an import. */
export const MAX_LINE_BYTES = 128 * 1024 * 1024;

/**
 * Lines of a file, or of any stream, ended by a line feed and by nothing else: text inside JSON may hold any other
 * separator. `from` is where the source begins, for `end`.
 */
export async function* readLines(source: AsyncIterable<Buffer>, from = 0): AsyncGenerator<FileLine> {
  let parts: Buffer[] = [];
  let held = 0;
  let end = from;
  const line = (last: Buffer, isComplete: boolean): FileLine => {
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    const length = held + last.length;
    end += length + (isComplete ? 1 : 0);
    const isTooLong = length > MAX_LINE_BYTES;
    parts = [];
    held = 0;
    return { bytes: isTooLong ? Buffer.alloc(0) : bytes, end, isComplete, isTooLong };
  };
  for await (const chunk of source) {
    let start = 0;
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, start)) {
      yield line(chunk.subarray(start, to), true);
      start = to + 1;
    }
    const rest = chunk.subarray(start);
    held += rest.length;
    if (held > MAX_LINE_BYTES) {
      parts = [];
    } else if (rest.length > 0) {
      parts.push(rest);
    }
  }
  if (held > 0) {
    const length = held;
    held = 0;
    const whole = Buffer.concat(parts);
    parts = [];
    const isTooLong = length > MAX_LINE_BYTES;
    yield { bytes: isTooLong ? Buffer.alloc(0) : whole, end: end + length, isComplete: false, isTooLong };
  }
}
