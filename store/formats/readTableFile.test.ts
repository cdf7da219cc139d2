import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTableFile } from './readTableFile';

const file = (rows: unknown[][], indent = 0) =>
  Buffer.from(JSON.stringify({ columns: ['a', 'b'], data: rows }, null, indent));
const row = fc.tuple(
  fc.oneof(fc.string({ unit: 'binary' }), fc.integer()),
  fc.constantFrom(null, '],[', '"', 0.5, true),
);

it('reads from a table that was logged anew what is new in it, and nothing else, whatever the rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row),
      fc.array(row),
      fc.array(row),
      fc.constantFrom(0, 2),
      async (first, second, other, indent) => {
        const once = await readTableFile(file(first, indent), undefined);
        const again = await readTableFile(file([...first, ...second], indent), once.state);
        expect([once.rows, again.rows]).toEqual([first, second].map((rows) => JSON.parse(JSON.stringify(rows))));
        expect((await readTableFile(file([...first, ...second], indent), again.state)).rows).toEqual([]);
        // Rows that do not begin like those before are a table of its own.
        const fresh = await readTableFile(file([['\u0000', 'no such row'], ...other], indent), again.state);
        expect(fresh.rows).toHaveLength(other.length + 1);
      },
    ),
  );
});

it('takes a table whole where something stands behind its rows, or columns changed', async () => {
  const reversed = Buffer.from('{"data": [[1]], "columns": ["a"]}');
  const known = await readTableFile(reversed, undefined);
  expect((await readTableFile(reversed, known.state)).rows).toEqual([[1]]);
  const wider = Buffer.from('{"columns": ["a", "b"], "data": [[1, NaN]]}');
  const narrow = await readTableFile(Buffer.from('{"columns": ["a"], "data": [[1]]}'), undefined);
  expect(await readTableFile(wider, narrow.state)).toMatchObject({
    columns: ['a', 'b'],
    rows: [[1, 'NaN']],
  });
});
