import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces } from './jsonPieces';

describe('jsonPieces', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 7 }), (value) => {
        expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves undefined fields out, and keeps a field named __proto__', () => {
    const value = JSON.parse('{"a":1,"__proto__":[2]}') as Record<string, unknown>;
    value.b = undefined;
    expect([...jsonPieces(value)].join('')).toBe('{"a":1,"__proto__":[2]}');
  });

  it('never writes a long series at one go', () => {
    const value = { series: [{ run: 'r', value: Array.from({ length: 100_000 }, (_, i) => i / 7) }] };
    const pieces = [...jsonPieces(value)];
    expect(pieces.join('')).toBe(JSON.stringify(value));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(250_000);
  });
});
