import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a process takes of the machine; Linux alone tells. */
export interface Vitals {
  /** Bytes of resident memory. */
  memory: number;
  descriptors: number;
  /** Bytes of all files in its data folder. */
  disk: number;
}

export function vitalsOf(pid: number | undefined, folder: string): Vitals {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) {
    throw new Error('The memory of a process is read from /proc, which this system has not.');
  }
  const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0);
  return {
    memory: kilobytes * 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    disk: bytesIn(folder),
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    // A file may go between the listing and the look.
    const file = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (file?.isFile() ? file.size : 0);
  }, 0);
}

/** How much values grow from the first to the last by their straight line, as a share of their mean. */
export function growth(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const middle = (n - 1) / 2;
  const [above, below] = values.reduce(
    ([a, b], value, i) => [a + (i - middle) * (value - mean), b + (i - middle) ** 2],
    [0, 0],
  );
  return n < 2 || mean === 0 ? 0 : ((above / below) * (n - 1)) / mean;
}
