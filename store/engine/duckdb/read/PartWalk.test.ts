import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Part, PartWalk } from './PartWalk';

const rowsOf = (chars: readonly number[], from: number): Part[] =>
  chars.map((one, i) => ({ from: from + i, to: from + i, chars: one, most: one }));

function joined(rows: readonly Part[]): Part {
  const [first, last] = [rows[0] as Part, rows.at(-1) as Part];
  const chars = rows.reduce((sum, row) => sum + row.chars, 0);
  return { from: first.from, to: last.to, chars, most: Math.max(...rows.map(({ most }) => most)) };
}

it('takes every row once, in order, and no more at one time than was asked for', async () => {
  const texts = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 60 }),
      async (chars, block, size) => {
        const rows = rowsOf(chars, 1);
        const blocks = Array.from({ length: Math.ceil(rows.length / block) }, (_, i) =>
          joined(rows.slice(i * block, (i + 1) * block)),
        );
        const walk = new PartWalk(blocks, async ({ from, to }) => rows.slice(from - 1, to));
        let next = 1;
        for (let part = await walk.next(size); part; part = await walk.next(size)) {
          expect(part).toEqual(joined(rows.slice(part.from - 1, part.to)));
          expect(part.from).toBe(next);
          expect(part.from === part.to || part.chars <= size).toBe(true);
          next = part.to + 1;
        }
        expect(next).toBe(rows.length + 1);
      },
    ),
  );
});
