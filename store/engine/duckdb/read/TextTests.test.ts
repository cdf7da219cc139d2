import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PatternThreads } from '../../../patterns/PatternThreads';
import { query } from '../query';

let connection: DuckDBConnection;
const threads = new PatternThreads(1);
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => threads.close());

const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'B',
      'é',
      'ß',
      '中',
      '.',
      '\\d',
      '\\w',
      '\\W',
      '\\s',
      '\\b',
      '^',
      '$',
      '[^a]',
      '[b-é]',
      '\\pL',
      '\\x{41}',
    ),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?i:', '(?s:'),
        tie('pattern'),
        fc.constantFrom('', '*', '+?', '?', '{2}', '{1,3}'),
      )
      .map(([open, inner, repeat]) => `${open}${inner})${repeat}`),
  ),
}));
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'B', 'é', 'É', 'ß', '中', '👍', '1', ' ', '\n', '_'),
  maxLength: 8,
});

it('finds in long texts, which are looked through elsewhere, what the database would find', async () => {
  const asked = fc.record({
    pattern,
    ignoresCase: fc.boolean(),
    texts: fc.array(text, { minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ texts, ...one }) => {
      const list = texts.map((_, i) => `$${i + 2}::VARCHAR`).join(', ');
      const options = one.ignoresCase ? 'i' : 'c';
      const sql = `SELECT list_transform([${list}], t -> regexp_matches(t, $1::VARCHAR, '${options}'))`;
      const found = (await query(connection, sql, [one.pattern, ...texts])).at<boolean[]>(0)[0];
      expect(await threads.test(one, texts)).toEqual(found);
    }),
    { numRuns: 500 },
  );
});
