import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the figures of a benchmark were measured on, in one line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${memory} GB, Node ${process.version}, ${process.platform}`;
}
