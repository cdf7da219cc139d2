import { createReadStream } from 'node:fs';
import { LIMITS } from '@rolloscope/contract';

export interface Line {
  /** 1-based. */
  number: number;
  bytes: Buffer;
  /** Bytes of the file up to the end of this line. */
  read: number;
}

/**
 * Lines of a file, or of stdin for `-`, ended by a line feed and by nothing else: text inside JSON may hold any other
 * separator. Throws for a line that no request could carry.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  let parts: Buffer[] = [];
  let held = 0;
  let number = 0;
  let read = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(10); to !== -1; to = chunk.indexOf(10, from)) {
      const bytes = Buffer.concat([...parts, chunk.subarray(from, to)]);
      read += bytes.length + 1;
      yield { number: ++number, bytes, read };
      parts = [];
      held = 0;
      from = to + 1;
    }
    const rest = chunk.subarray(from);
    held += rest.length;
    if (held > LIMITS.bodyBytes) {
      throw new Error(`Line ${number + 1} of ${file} is longer than the limit of ${LIMITS.bodyBytes} bytes.`);
    }
    parts.push(rest);
  }
  if (held > 0) {
    yield { number: ++number, bytes: Buffer.concat(parts), read: read + held };
  }
}
