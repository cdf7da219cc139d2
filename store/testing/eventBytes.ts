import { maskedCrc32c } from '../tensorboard/crc32c';

/** A frame of a TFRecord file. */
export function frame(data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length + 4);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, 8)), 8);
  data.copy(bytes, 12);
  bytes.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return bytes;
}

/** A length-delimited field of a protobuf message. */
export const field = (number: number, data: Buffer | string): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(Buffer.byteLength(data)), Buffer.from(data)]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** An `Event` that has one scalar as `simple_value`, or nothing but what is given. */
export function event(step: number, tag: string, value: number, rest: Buffer = Buffer.alloc(0)): Buffer {
  const time = Buffer.alloc(9);
  time[0] = 9;
  time.writeDoubleLE(1_764_547_200 + step, 1);
  const float = Buffer.alloc(5);
  float[0] = 21;
  float.writeFloatLE(value, 1);
  const summary = field(5, field(1, Buffer.concat([field(1, tag), float])));
  return Buffer.concat([time, Buffer.from([16]), varint(step), ...(tag === '' ? [] : [summary]), rest]);
}

/** Makes the event that a file begins with. */
export const version = (): Buffer => event(0, '', 0, field(3, 'brain.Event:2'));
