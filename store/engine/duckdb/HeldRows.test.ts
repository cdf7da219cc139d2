import { expect, it } from 'vitest';
import { HeldRows } from './HeldRows';

const table = (key: number, texts: number) => ({
  key,
  physical: Array.from({ length: texts }, (_, i) => ({ name: `c${i}`, type: 'string' as const })),
});

it('tells what tables take by their columns, each table once, until the log is folded in', () => {
  const held = new HeldRows();
  held.add(table(1, 500));
  const once = held.bytes;
  expect(once).toBeGreaterThan(90e6);
  held.add(table(1, 500));
  expect(held.bytes).toBe(once);
  held.add(table(2, 500));
  expect(held.bytes).toBe(2 * once);
  held.clear();
  expect(held.bytes).toBe(0);
});
