import { fieldsOf, readVarint, signed } from './wire';

/** The part of a tensor that can be kept: one number, or texts. */
interface Tensor {
  /** Sizes of its dimensions; none for a scalar. */
  shape: number[];
  /** The value of a tensor of one number. */
  number?: number;
  /** The strings of a tensor of them, as they are. */
  strings?: Buffer[];
}

interface NumberType {
  /** Bytes of an element in `tensor_content`. */
  bytes: number;
  /** The number of the field of `TensorProto` that has its values otherwise. */
  field: number;
  read(bytes: Buffer): number;
}

const int = (bytes: number, field: number, read: NumberType['read']): NumberType => ({ bytes, field, read });

const STRING = 7;
const HALF = 19;
/** Types of numbers by `tensorflow.DataType`. */
const NUMBERS: Readonly<Record<number, NumberType>> = {
  1: { bytes: 4, field: 5, read: (bytes) => bytes.readFloatLE(0) },
  2: { bytes: 8, field: 6, read: (bytes) => bytes.readDoubleLE(0) },
  3: int(4, 7, (bytes) => bytes.readInt32LE(0)),
  4: int(1, 7, (bytes) => bytes.readUInt8(0)),
  5: int(2, 7, (bytes) => bytes.readInt16LE(0)),
  6: int(1, 7, (bytes) => bytes.readInt8(0)),
  9: int(8, 10, (bytes) => Number(bytes.readBigInt64LE(0))),
  10: int(1, 11, (bytes) => (bytes[0] === 0 ? 0 : 1)),
  14: { bytes: 2, field: 13, read: (bytes) => brainFloatOf(bytes.readUInt16LE(0)) },
  17: int(2, 7, (bytes) => bytes.readUInt16LE(0)),
  [HALF]: { bytes: 2, field: 13, read: (bytes) => halfOf(bytes.readUInt16LE(0)) },
  22: int(4, 16, (bytes) => bytes.readUInt32LE(0)),
  23: int(8, 17, (bytes) => Number(bytes.readBigUInt64LE(0))),
};
/** Fields of fixed length; those whose integers have no sign; the one that has 16-bit floats as integers of their bits. */
const FIXED = [5, 6];
const UNSIGNED = [16, 17];
const HALVES = 13;
const STRING_FIELD = 8;

/** Reads a `TensorProto`, its values in either of the two ways that it may have them. */
export function readTensor(message: Buffer): Tensor {
  let type = 0;
  let shape: number[] = [];
  let content: Buffer | undefined;
  const strings: Buffer[] = [];
  const first = new Map<number, Buffer | number | bigint>();
  for (const { number, int: value, bytes, isLong } of fieldsOf(message)) {
    if (number === 1) {
      type = Number(value);
    } else if (number === 2) {
      shape = readShape(bytes);
    } else if (number === 4) {
      content = bytes;
    } else if (number === STRING_FIELD) {
      strings.push(bytes);
    } else if (!first.has(number) && (!isLong || bytes.length > 0)) {
      first.set(number, isLong || bytes.length > 0 ? bytes : value);
    }
  }
  if (type === STRING) {
    return { shape, strings };
  }
  const known = NUMBERS[type];
  const isOne = shape.every((size) => size === 1);
  const number = known && isOne ? oneNumber(known, content, first.get(known.field), type === HALF) : undefined;
  return { shape, ...(number !== undefined && { number }) };
}

function oneNumber(
  type: NumberType,
  content: Buffer | undefined,
  value: Buffer | number | bigint | undefined,
  isHalf: boolean,
): number | undefined {
  if (content && content.length > 0) {
    return content.length >= type.bytes ? type.read(content) : undefined;
  }
  if (value === undefined) {
    return undefined;
  }
  if (FIXED.includes(type.field)) {
    return Buffer.isBuffer(value) && value.length >= type.bytes ? type.read(value) : undefined;
  }
  const int = Buffer.isBuffer(value) ? readVarint(value, 0).value : value;
  if (type.field === HALVES) {
    return isHalf ? halfOf(Number(int)) : brainFloatOf(Number(int));
  }
  return Number(UNSIGNED.includes(type.field) ? int : signed(int));
}

function readShape(message: Buffer): number[] {
  const shape: number[] = [];
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 2) {
      let size = 0;
      for (const field of fieldsOf(bytes)) {
        size = field.number === 1 ? Number(signed(field.int)) : size;
      }
      shape.push(size);
    }
  }
  return shape;
}

/** An IEEE half by its bits. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  }
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** A bfloat16: the upper half of a float. */
function brainFloatOf(bits: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(bits & 0xffff, 2);
  return bytes.readFloatLE(0);
}
