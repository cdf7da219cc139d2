import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Parameters } from './Parameters';

const LONGEST = 20_000;

it('sends a text once, however often it is named, and never in the statement', () => {
  const parameters = new Parameters();
  const [one, other] = [parameters.text("it's"), parameters.text('other')];
  expect([parameters.text("it's"), one === other]).toEqual([one, false]);
  expect(Object.values(parameters.values)).toEqual(["it's", 'other']);
  expect(`${one}${other}`).toMatch(/^[{}:\w]+$/);
});

it('sends what is long in parts, which are together what it was, whole characters each', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: 1, max: 4_000 }), (unit, times) => {
      const parameters = new Parameters();
      const text = `x${unit}`.repeat(times);
      parameters.text(text);
      const parts = Object.values(parameters.values) as string[];
      // Of parts that are alike one is sent.
      expect(parts.every((part) => part.length <= LONGEST && part.isWellFormed() && text.includes(part))).toBe(true);
      expect(new Set(parts).size).toBe(parts.length);
    }),
  );
});

it('sends a long list as lists, and a list of nothing as one', () => {
  const parameters = new Parameters();
  const numbers = Array.from({ length: 50_000 }, (_, i) => i);
  expect(parameters.integers(numbers)).toMatch(/^arrayConcat\(/);
  expect(Object.values(parameters.values).flat()).toEqual(numbers);
  const empty = new Parameters();
  expect([empty.texts([]), empty.values]).toEqual(['{p0:Array(String)}', { p0: [] }]);
});
