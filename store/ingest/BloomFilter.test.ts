import { expect, it } from 'vitest';
import { BloomFilter } from './BloomFilter';

it.each([
  ['counted', (i: number) => `run-7-${i}`],
  ['padded', (i: number) => String(i).padStart(36, '0')],
  ['of other scripts', (i: number) => `批次 ${i} 👍`],
])('has every id that it was given, and takes hardly any other for known: %s', (_, idOf) => {
  const filter = new BloomFilter(20_000);
  for (let i = 0; i < 20_000; i++) {
    filter.add(idOf(i));
  }
  expect(filter.isFull).toBe(true);
  expect(Array.from({ length: 20_000 }, (_, i) => filter.mayHave(idOf(i))).every(Boolean)).toBe(true);
  const mistaken = Array.from({ length: 100_000 }, (_, i) => filter.mayHave(idOf(20_000 + i))).filter(Boolean);
  expect(mistaken.length).toBeLessThan(20);
});
