import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainMatcher } from '../../text/compileSearch';
import { MOST_HITS, textHits } from './textHits';

const find = (texts: string[], text: string) => textHits(texts, plainMatcher({ text, mode: 'plain' }));

describe('textHits', () => {
  it('finds what spans several texts, ignoring case', () => {
    expect(find(['ab', 'CA', 'b'], 'bca')).toEqual([{ from: { text: 0, at: 1 }, to: { text: 1, at: 2 } }]);
    expect(find(['xX'], 'x')).toHaveLength(2);
    expect(find(['x'], '')).toEqual([]);
  });

  it('keeps a bounded number', () => {
    expect(find(['a'.repeat(20_000)], 'a')).toHaveLength(MOST_HITS);
  });

  it('gives places that hold the search text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'B', 'İ'), maxLength: 4 })),
        fc.constantFrom('a', 'ab', 'bA'),
        (texts, search) => {
          const start = (index: number) => texts.slice(0, index).join('').length;
          for (const { from, to } of find(texts, search)) {
            expect(from.at).toBeLessThan(texts[from.text]?.length ?? 0);
            const found = texts.join('').slice(start(from.text) + from.at, start(to.text) + to.at);
            expect(found.toLowerCase()).toBe(search.toLowerCase());
          }
        },
      ),
    );
  });
});
