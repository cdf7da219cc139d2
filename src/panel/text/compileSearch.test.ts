import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSearch, type TextSearch } from './compileSearch';

const marked = async (search: TextSearch, text: string) =>
  (await compileSearch(search)).hits(text, 100).map(([from, to]) => text.slice(from, to));

describe('compileSearch', () => {
  it('ignores case unless it counts', async () => {
    expect(await marked({ text: 'ab', mode: 'plain' }, 'ab AB cab')).toEqual(['ab', 'AB', 'ab']);
    expect(await marked({ text: 'AB', mode: 'plain', case: true }, 'ab AB cab')).toEqual(['AB']);
  });

  it('finds words that are no part of longer ones; other edges have no neighbour to fear', async () => {
    expect(await marked({ text: 'ab', mode: 'word' }, 'cab ab, AB_ ab')).toEqual(['ab', 'ab']);
    expect(await marked({ text: '2+', mode: 'word' }, '12+3 and 2+3')).toEqual(['2+']);
  });

  it('takes RE2 patterns, and says what is wrong with one', async () => {
    expect(await marked({ text: 'a+|\\d', mode: 'regex' }, 'baAb 7')).toEqual(['aA', '7']);
    expect(await marked({ text: 'x*', mode: 'regex' }, 'axb')).toEqual(['x']);
    await expect(compileSearch({ text: '(?=look)', mode: 'regex' })).rejects.toThrow('not valid RE2');
    await expect(compileSearch({ text: '(', mode: 'regex' })).rejects.toThrow('not valid RE2');
  });

  it('never takes long, whatever is typed', async () => {
    const text = `${'a'.repeat(100_000)}!`;
    for (const pattern of ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*)*x', '(?:a?){50}a{50}b']) {
      const matcher = await compileSearch({ text: pattern, mode: 'regex' });
      const begin = performance.now();
      matcher.test(text);
      expect(performance.now() - begin, pattern).toBeLessThan(2_000);
    }
  });

  it('marks what it finds: a text has a hit exactly where it is found', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '_', '+', 'İ', '😀') });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.string({ unit: fc.constantFrom('a', 'b', '+'), minLength: 1, maxLength: 2 }),
        async (all, needle) => {
          for (const mode of ['plain', 'word'] as const) {
            const matcher = await compileSearch({ text: needle, mode });
            const hits = matcher.hits(all, 100);
            expect(hits.length > 0 || all.includes('İ')).toBe(matcher.test(all) || all.includes('İ'));
            for (const [from, to] of hits) {
              expect(all.slice(from, to).toLowerCase()).toBe(needle);
            }
          }
        },
      ),
    );
  });
});
