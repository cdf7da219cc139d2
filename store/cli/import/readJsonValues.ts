import { type FileLine, MAX_LINE_BYTES } from './readLines';

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [0x22, 0x5c, 0x2c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A value of a JSON text, with the lines that it begins and ends in. */
interface JsonPart extends FileLine {
  firstLine: number;
  line: number;
}

/**
 * The values of a JSON text one by one, however it is laid out: the items of a list, or what stands side by side, without
 * ever holding more than one. What closes the list, or is blank behind the last value, is an empty one: there is nothing
 * left to wait for. `from` is where the source begins, and whether that is within the list.
 */
export async function* readJsonValues(
  source: AsyncIterable<Buffer>,
  from: { offset: number; line: number; isInList: boolean },
): AsyncGenerator<JsonPart> {
  let base = from.isInList ? 1 : 0;
  let depth = base;
  let isInString = false;
  let isEscaped = false;
  let isScalar = false;
  let [offset, line, firstLine] = [from.offset, from.line, from.line + 1];
  /** Bytes of the value under way that came with earlier chunks. */
  let held: Buffer[] = [];
  let length = 0;
  let isOpen = false;
  const hold = (part: Buffer) => {
    length += part.length;
    if (length <= MAX_LINE_BYTES) {
      held.push(part);
    } else {
      held = [];
    }
  };
  let read = from.offset;
  const part = (end: number, isComplete: boolean): JsonPart => {
    read = end;
    const isTooLong = length > MAX_LINE_BYTES;
    const bytes = isTooLong ? Buffer.alloc(0) : Buffer.concat(held);
    held = [];
    length = 0;
    isOpen = false;
    isScalar = false;
    return { bytes, end, isComplete, isTooLong, firstLine, line };
  };
  for await (const chunk of source) {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      line += byte === NEWLINE ? 1 : 0;
      if (isInString) {
        if (isEscaped) {
          isEscaped = false;
        } else if (byte === BACKSLASH) {
          isEscaped = true;
        } else if (byte === QUOTE) {
          isInString = false;
          if (depth === base) {
            hold(chunk.subarray(start, i + 1));
            yield part(offset + i + 1, true);
          }
        }
        continue;
      }
      const isBetween = isBlank(byte) || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
      if (depth === base && isScalar && isBetween) {
        hold(chunk.subarray(start, i));
        yield part(offset + i, true);
      }
      if (depth === base && !isOpen) {
        if (isBetween || isMark(byte, offset + i)) {
          if (byte === CLOSE_LIST) {
            base = 0;
            depth = 0;
          }
          continue;
        }
        if (byte === OPEN_LIST && base === 0) {
          base = 1;
          depth = 1;
          continue;
        }
        isOpen = true;
        start = i;
        firstLine = line + 1;
        isScalar = byte !== QUOTE && byte !== OPEN_LIST && byte !== OPEN_OBJECT;
      }
      if (byte === QUOTE) {
        isInString = true;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        depth++;
      } else if ((byte === CLOSE_LIST || byte === CLOSE_OBJECT) && depth > base) {
        depth--;
        if (depth === base) {
          hold(chunk.subarray(start, i + 1));
          yield part(offset + i + 1, true);
        }
      }
    }
    if (isOpen) {
      hold(chunk.subarray(start));
    }
    offset += chunk.length;
  }
  if (isOpen) {
    yield part(offset, isScalar);
  } else if (base === 0 && offset > read) {
    yield part(offset, true);
  }
}

const isBlank = (byte: number) => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

/** Says whether a byte is of a byte order mark, at the beginning of a file. */
const isMark = (byte: number, at: number) => at < 3 && (byte === 0xef || byte === 0xbb || byte === 0xbf);
