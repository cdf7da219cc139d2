import { readMismatch } from '@rolloscope/contract';
import { mapped, type Steps } from '../Turn';
import type { Derived } from './Derived';

/**
 * Derives how far the log probabilities of engine and trainer are apart in each row's tokens: their mean and largest
 * distance. Returns no columns where no row has both.
 */
export function* mismatchColumns(tokens: readonly unknown[] | undefined): Steps<Derived[]> {
  const found = tokens ? yield* mapped(tokens, readMismatch) : [];
  if (!found.some((one) => one !== undefined)) {
    return [];
  }
  return [
    { name: 'mismatchMean', type: 'number', values: found.map((one) => one?.mean ?? null) },
    { name: 'mismatchMax', type: 'number', values: found.map((one) => one?.max ?? null) },
  ];
}
