import fc from 'fast-check';
import { expect } from 'vitest';
import type { OurStore } from '../conformance/startOurs';

/** Values that no client should send, and what a protocol has for its own. */
export const oddities = (...own: unknown[]) =>
  fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e300,
      2 ** 53,
      '',
      '5',
      'NaN',
      '__proto__',
      '\u0000',
      '\ud800',
      'x'.repeat(300),
      [],
      {},
      { toString: 1, valueOf: 1 },
      ...own,
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.object({ maxDepth: 3, maxKeys: 4, withNullPrototype: false }),
  );

/** An answer of JSON, or an error of the protocol's shape, and no fault behind them. */
export async function expectSound(answer: Response, ours: OurStore, error: object): Promise<void> {
  const text = await answer.text();
  const body: unknown = JSON.parse(text);
  if (answer.status !== 200) {
    expect(answer.status, text).toBeLessThan(500);
    expect(body).toEqual(error);
  }
  expect(ours.logged.filter(({ event }) => event === 'fault')).toEqual([]);
}
