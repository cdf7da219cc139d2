import { ByteWindow } from './ByteWindow';
import { maskedCrc32c } from './crc32c';

/** One frame of a TFRecord file. */
export interface TfRecord {
  /** Byte of the file that it begins at, and the one after it. */
  start: number;
  end: number;
  /** Missing for one with a fault. */
  data?: Buffer;
  fault?: string;
  /** Where the next one would begin is not known: nothing more is read. */
  isLast?: true;
}

/** Beyond it a record is passed over: it could not be decoded in the memory that an import may take. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Eight bytes of length and four of its checksum before the data, four of the data's after it. */
const HEAD = 12;
const FOOT = 4;

/**
 * The records of a TFRecord file from a byte on: length, its masked CRC-32C, data, its masked CRC-32C, all little-endian
 * (`tensorflow/core/lib/io/record_writer.cc`). Ends before a record that is not whole. A wrong checksum ends it with a
 * fault: where the next record begins is known from this one only.
 */
export async function* tfRecords(source: AsyncIterable<Buffer>, from: number): AsyncGenerator<TfRecord> {
  const window = new ByteWindow(source);
  for (let start = from; ; ) {
    const head = await window.peek(HEAD);
    if (!head) {
      return;
    }
    const broken = (what: string): TfRecord => ({ start, end: start, fault: faultAt(start, what), isLast: true });
    if (maskedCrc32c(head.subarray(0, 8)) !== head.readUInt32LE(8)) {
      if (!window.isBlankFrom(HEAD - 1)) {
        yield broken('its length does not fit its checksum');
      }
      return;
    }
    const length = head.readBigUInt64LE(0);
    if (length > BigInt(Number.MAX_SAFE_INTEGER - start - HEAD - FOOT)) {
      yield broken(`it says to be ${length} bytes long`);
      return;
    }
    const end = start + HEAD + Number(length) + FOOT;
    if (Number(length) > MOST_BYTES) {
      if (!(await window.pass(end - start))) {
        return;
      }
      const megabytes = MOST_BYTES / 1024 / 1024;
      yield { start, end, fault: `The record at byte ${start} is longer than ${megabytes} MB, and is passed over.` };
    } else {
      const whole = await window.peek(end - start);
      if (!whole) {
        return;
      }
      const data = whole.subarray(HEAD, -FOOT);
      const checksum = whole.readUInt32LE(whole.length - FOOT);
      if (maskedCrc32c(data) !== checksum) {
        if (!window.isBlankFrom(whole.length - 1)) {
          yield broken('its data does not fit its checksum');
        }
        return;
      }
      window.skip(whole.length);
      yield { start, end, data };
    }
    start = end;
  }
}

const faultAt = (start: number, what: string) =>
  `The record at byte ${start} is broken: ${what}. The rest of the file is not read.`;
