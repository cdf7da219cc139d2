import { isUtf8 } from 'node:buffer';
import { parseExactJson } from '@rolloscope/contract/exactJson';
import { Turn } from '../Turn';
import { JsonFault, MOST_DEPTH, MOST_VALUES, STRING_BYTES, tooDeep, tooLong, tooMany } from './bounds';
import { Container } from './Container';
import { findJsonFault } from './findJsonError';
import { wellFormed } from './wellFormed';

/** Bytes that are parsed at one go; one string or number may be longer. */
const SLICE = 128 * 1024;
/** Bytes that are looked at before others get their turn. */
const LOOK = 512 * 1024;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BYTE_ORDER_MARK = 0xefbbbf;
/** Only an escape can make one: bytes that are UTF-8 have none. */
const LONE_SURROGATE_POSSIBLE = /\\u[dD][89a-fA-F]/;

/** A way to parse a slice: as JSON alone, or with what some write besides. */
export interface Dialect {
  parse(text: string): unknown;
  /** The text with JSON of the same length for what `parse` takes besides: to find what else is wrong with it. */
  masked(text: string): string;
}

export const PLAIN: Dialect = { parse: parseExactJson, masked: (text) => text };

/**
 * Parses JSON from bytes in turns, so that a large body blocks nobody. One pass over the bytes cuts them at commas into
 * slices for `JSON.parse`, and what spans several slices is put together; the same pass counts depth and values, so that
 * nothing out of bounds is ever built. A lone surrogate becomes U+FFFD, in names too.
 *
 * Throws `JsonFault`, whose `at` counts bytes, or `JsonBound`.
 */
export async function parseInTurns(bytes: Buffer, dialect: Dialect, slice = SLICE): Promise<unknown> {
  const turn = new Turn();
  const reading = new BodyReading(bytes, dialect, slice);
  while (!reading.look()) {
    if (turn.isOver) {
      await turn.next();
    }
  }
  return reading.end();
}

class BodyReading {
  /** Places in bytes by level, from 1: of its bracket, of the first that is not parsed yet, and of its last comma. */
  private readonly opened = new Int32Array(MOST_DEPTH + 1);
  private readonly from = new Int32Array(MOST_DEPTH + 1);
  private readonly comma = new Int32Array(MOST_DEPTH + 1);
  private level = 0;
  private values = 1;
  /** The outermost levels: those that are put together here. */
  private readonly containers: Container[] = [];
  /** The innermost of them has just got one that is complete: a comma or its own end must follow. */
  private isFull = false;
  private readonly first: number;
  private at: number;
  /** Byte at which the slice under way begins. */
  private cut: number;
  /** Byte at which the string begins that is being looked at; undefined outside of one. */
  private string: number | undefined;
  /** Byte behind the outermost container. */
  private over: number | undefined;
  private root: unknown;

  constructor(
    private readonly bytes: Buffer,
    private readonly dialect: Dialect,
    private readonly slice: number,
  ) {
    this.first = bytes.length >= 3 && bytes.readUIntBE(0, 3) === BYTE_ORDER_MARK ? 3 : 0;
    this.at = this.first;
    this.cut = this.first;
  }

  /** Goes on for a while; true when there is nothing more to look at. */
  look(): boolean {
    const { bytes, opened, from, comma } = this;
    const stop = Math.min(bytes.length, this.at + LOOK);
    let i = this.at;
    for (; i < stop && this.over === undefined; i++) {
      if (this.string !== undefined) {
        i = this.passString(i, stop);
        continue;
      }
      switch (bytes[i]) {
        case QUOTE:
          this.string = i;
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          if (this.level === MOST_DEPTH) {
            throw tooDeep();
          }
          if (this.isFull && this.level === this.containers.length) {
            this.fail(i);
          }
          this.level++;
          this.values++;
          opened[this.level] = i;
          comma[this.level] = i;
          from[this.level] = i + 1;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          this.leave(i);
          break;
        case COMMA:
          this.pass(i);
          if (i - this.cut > this.slice) {
            this.cutAfter(i);
            this.at = i + 1;
            return false;
          }
          break;
        default:
      }
    }
    this.at = i;
    return this.over !== undefined || i >= bytes.length;
  }

  /** The value, once everything was looked at. */
  end(): unknown {
    const { bytes, over } = this;
    if (over === undefined) {
      // A value without brackets, or brackets that are not closed.
      return this.containers.length > 0 ? this.fail(bytes.length) : this.parse(this.first, bytes.length);
    }
    if (!isBlank(bytes, over, bytes.length)) {
      throw this.faultIn(`0 ${this.text(over, bytes.length)}`, over - 2);
    }
    return this.root;
  }

  /** Goes on in a string; the place of its last byte that was looked at. */
  private passString(start: number, stop: number): number {
    const { bytes } = this;
    let i = start;
    for (; i < stop; i++) {
      if (bytes[i] === QUOTE) {
        this.string = undefined;
        return i;
      }
      i += bytes[i] === BACKSLASH ? 1 : 0;
    }
    if (i - (this.string ?? 0) > STRING_BYTES) {
      throw tooLong();
    }
    return i - 1;
  }

  /** A comma. */
  private pass(at: number): void {
    if (this.level === 0) {
      this.fail(at);
    }
    this.values++;
    if (this.isFull && this.level === this.containers.length) {
      this.requireBlank(this.from[this.level] ?? 0, at);
      this.from[this.level] = at + 1;
      this.isFull = false;
    }
    this.comma[this.level] = at;
  }

  /** A closing bracket. */
  private leave(at: number): void {
    const { bytes, level, containers } = this;
    const opens = bytes[at] === CLOSE_LIST ? OPEN_LIST : OPEN_OBJECT;
    if (level === 0 || bytes[this.opened[level] ?? 0] !== opens) {
      this.fail(at);
    }
    const container = level === containers.length ? containers.at(-1) : undefined;
    if (container && this.isFull) {
      this.requireBlank(this.from[level] ?? 0, at);
    } else if (container) {
      this.add(container, this.from[level] ?? 0, at);
    }
    if (level === 1) {
      this.requireValues();
      this.root = container ? container.value : this.parse(this.first, at + 1);
      this.over = at + 1;
    } else if (container) {
      this.from[level - 1] = at + 1;
      this.comma[level - 1] = at;
      this.isFull = true;
    }
    if (container) {
      containers.pop();
    }
    this.level--;
  }

  /** Parses what is complete at every level before the comma that was just passed: the next slice begins behind it. */
  private cutAfter(at: number): void {
    this.requireValues();
    const { from, comma, containers } = this;
    for (let level = Math.max(1, containers.length); level <= this.level; level++) {
      const container = containers[level - 1] ?? this.begin(level);
      const [start = 0, end = 0] = [from[level], comma[level]];
      if (end >= start) {
        this.add(container, start, end);
        from[level] = end + 1;
      }
    }
    this.cut = at + 1;
  }

  /** Begins to put the container at this level together here; it goes to its parent at once. */
  private begin(level: number): Container {
    const { bytes, opened, from, containers } = this;
    const at = opened[level] ?? 0;
    const container = new Container(bytes[at] === OPEN_LIST);
    const parent = containers.at(-1);
    if (!parent) {
      this.requireBlank(this.first, at);
    } else if (parent.isList) {
      this.requireBlank(from[level - 1] ?? 0, at);
      parent.add('', container.value);
    } else {
      parent.add(this.nameIn(from[level - 1] ?? 0, at), container.value);
    }
    containers.push(container);
    this.isFull = false;
    return container;
  }

  /** The name in `"name":`, which is all that may stand there. */
  private nameIn(start: number, end: number): string {
    try {
      const [name = ''] = Object.keys(this.parse(start, end, '{', '0}') as object);
      return name;
    } catch (cause) {
      throw cause instanceof JsonFault ? this.fail(end) : cause;
    }
  }

  /** Adds what stands between two commas, or a comma and the end. */
  private add(container: Container, start: number, end: number): void {
    if (isBlank(this.bytes, start, end)) {
      this.fail(end);
    }
    container.addAll(container.isList ? this.parse(start, end, '[', ']') : this.parse(start, end, '{', '}'));
  }

  private requireValues(): void {
    if (this.values > MOST_VALUES) {
      throw tooMany();
    }
  }

  private requireBlank(start: number, end: number): void {
    if (!isBlank(this.bytes, start, end)) {
      this.fail(end);
    }
  }

  private parse(start: number, end: number, open = '', close = ''): unknown {
    const text = open + this.text(start, end) + close;
    try {
      const value = this.dialect.parse(text);
      return LONE_SURROGATE_POSSIBLE.test(text) ? wellFormed(value) : value;
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) {
        throw cause;
      }
    }
    throw this.faultIn(text, start - open.length);
  }

  private text(start: number, end: number): string {
    const slice = this.bytes.subarray(start, end);
    if (!isUtf8(slice)) {
      throw new JsonFault(start, 'this is not valid UTF-8');
    }
    return slice.toString('utf8');
  }

  /** Says what is wrong with a text that begins at the byte `start`. */
  private faultIn(text: string, start: number): JsonFault {
    const { at, problem } = findJsonFault(this.dialect.masked(text));
    return new JsonFault(start + Buffer.byteLength(text.slice(0, at)), problem);
  }

  /** Tells what is wrong up to the byte at `end`, which cannot stand there. */
  private fail(end: number): never {
    const container = this.containers.at(-1);
    const start = container ? (this.from[this.containers.length] ?? 0) : this.first;
    // This stands, in short, for what it holds already.
    const part = container?.isList ? '0' : '"":0';
    const before = this.isFull ? `${part} ` : container && !container.isEmpty ? `${part},` : '';
    const open = container ? (container.isList ? '[' : '{') : '';
    throw this.faultIn(
      open + before + this.text(start, Math.min(end + 1, this.bytes.length)),
      start - open.length - before.length,
    );
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      return false;
    }
  }
  return true;
}
