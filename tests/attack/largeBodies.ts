import { LIMITS } from '@rolloscope/contract';

/** Bytes of the bodies that are made here, at the most: as many as a call that writes may have. */
const BYTES = LIMITS.bodyBytes;

/** A list of what `item` makes, of so many items as come close to `bytes`. */
function filled(item: (i: number) => string, bytes: number, most = Number.POSITIVE_INFINITY): string {
  const items: string[] = [];
  for (let left = bytes, i = 0; i < most; i++) {
    const one = item(i);
    left -= Buffer.byteLength(one) + 1;
    if (left < 0) {
      break;
    }
    items.push(one);
  }
  return items.join();
}

/** One entry with one table, whose rows come close to the limit. */
export function table(columns: string[], row: (i: number) => string, most?: number, name = 't'): string {
  const [head, tail] = [
    `{"entries":[{"step":1,"tables":{"${name}":{"columns":${JSON.stringify(columns)},"rows":[`,
    ']}}}]}',
  ];
  return head + filled(row, BYTES - head.length - tail.length, most) + tail;
}

export const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
export const list = (count: number, item: (i: number) => string) =>
  `[${Array.from({ length: count }, (_, i) => item(i)).join()}]`;

const METRICS = names('layers.attention.gradient.norm.', 500);
const COLUMNS = names('c', 120);
const TOKENS = 2_000;

/** Log calls as large as they may be, by what they are full of; each is made when it is sent. */
export const LOG_CALLS: Record<string, () => string> = {
  points: () => {
    const metrics = METRICS.map((name, i) => `"${name}":${i / 7}`).join();
    return `{"entries":[${filled((step) => `{"step":${step},"metrics":{${metrics}}}`, BYTES - 20, LIMITS.entries)}]}`;
  },
  'huge texts': () => table(['prompt', 'response'], (i) => JSON.stringify([`p${i}`, 'ab "é"\n'.repeat(180_000)]), 16),
  'many columns': () =>
    table(COLUMNS, (i) => list(COLUMNS.length, (j) => (j % 2 ? `"text ${i}"` : String((i + j) / 8192)))),
  'tokens of rows': () =>
    table(['prompt', 'tokens'], (i) => {
      const of = (item: (j: number) => string) => list(TOKENS, item);
      return `["p${i}",{"text":${of((j) => `"t${j}"`)},"logprob":${of((j) => String(-j / 7))},"mask":${of(() => '1')}}]`;
    }),
};

/** The same as lines, one entry each. */
export const logLines = (): string =>
  filled(
    (i) => `{"step":${i},"tables":{"t":{"columns":["x"],"rows":[["${'x'.repeat(3_200)}"]]}}}\n`,
    BYTES,
    10_000,
  ).replaceAll('\n,', '\n');
