/** A field of a protobuf message as it stands on the wire. */
export interface Field {
  number: number;
  /** The value of a varint, unsigned: a bigint beyond safe integers; 0 for other fields. */
  int: number | bigint;
  /** The bytes of a length-delimited or fixed field; empty for a varint. */
  bytes: Buffer;
  /** True for a length-delimited field: a message, a text, or packed numbers. */
  isLong: boolean;
}

const EMPTY = Buffer.alloc(0);
/** Fields of one message: what is made of them is held, and takes many times the bytes of an empty one. */
const MOST_FIELDS = 100_000;

/** The fields of a message, in their order, nothing copied. Throws where it is no protobuf message, or one with too many. */
export function* fieldsOf(message: Buffer): Generator<Field> {
  for (let at = 0, count = 1; at < message.length; count++) {
    if (count > MOST_FIELDS) {
      throw new Error(`A message in it has more than ${MOST_FIELDS} fields.`);
    }
    const start = readVarint(message, at);
    at = start.end;
    const number = Math.floor(Number(start.value) / 8);
    const wire = Number(start.value) % 8;
    if (wire === 0) {
      const { value, end } = readVarint(message, at);
      at = end;
      yield { number, int: value, bytes: EMPTY, isLong: false };
      continue;
    }
    let length = wire === 1 ? 8 : 4;
    if (wire === 2) {
      const { value, end } = readVarint(message, at);
      length = Number(value);
      at = end;
    } else if (wire !== 1 && wire !== 5) {
      throw new Error(`It is no protobuf message: field ${number} has the type ${wire}.`);
    }
    if (length > message.length - at) {
      throw new Error(`It is no protobuf message: field ${number} goes beyond its end.`);
    }
    yield { number, int: 0, bytes: message.subarray(at, at + length), isLong: wire === 2 };
    at += length;
  }
}

/** A varint of up to 64 bits. */
export function readVarint(bytes: Buffer, from: number): { value: number | bigint; end: number } {
  let value = 0;
  let scale = 1;
  for (let i = from; i < bytes.length && i < from + 10; i++) {
    const byte = bytes[i] ?? 0;
    if (i === from + 7 && byte > 0) {
      return readLongVarint(bytes, from);
    }
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 128) {
      return { value, end: i + 1 };
    }
  }
  throw new Error('It is no protobuf message: a number in it does not end.');
}

function readLongVarint(bytes: Buffer, from: number): { value: bigint; end: number } {
  let value = 0n;
  for (let i = 0; i < 10 && from + i < bytes.length; i++) {
    const byte = bytes[from + i] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 128) {
      return { value: BigInt.asUintN(64, value), end: from + i + 1 };
    }
  }
  throw new Error('It is no protobuf message: a number in it does not end.');
}

/** A varint as the signed 64-bit integer that `int32`, `int64` and enums are. */
export function signed(value: number | bigint): number | bigint {
  if (typeof value === 'number') {
    return value;
  }
  const int = BigInt.asIntN(64, value);
  return Number.isSafeInteger(Number(int)) ? Number(int) : int;
}
