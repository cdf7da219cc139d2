import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

/** Characters of each of the cells. */
const LARGE = 200_000;
const ROWS = 60;
const turns = Array.from({ length: 200 }, (_, i) => ({
  kind: 'generate',
  content: `unheard-of ${i}`.padEnd(LARGE / 200),
}));
const tokens = { text: Array.from({ length: LARGE / 10 }, (_, i) => `t${i}`) };

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const rows = Array.from({ length: ROWS }, (_, i) => [`prompt ${i}`, `response ${i}`, i / ROWS]);
  const columns = ['prompt', 'response', 'reward'];
  await store.log('plain', [{ step: 1, tables: { t: { columns, rows } } }]);
  await store.log('agent', [
    {
      step: 1,
      tables: {
        t: {
          columns: [...columns, { name: 'calls', role: 'turns' }, 'tokens'],
          rows: rows.map((row) => [...row, turns, tokens]),
        },
      },
    },
  ]);
});
afterAll(() => store.close());

const page = (run: string, more: object = {}) =>
  store.reader.rows({ runs: [run], table: 't', limit: ROWS, ...more }, FULL_ACCESS);
const sizeOf = (answer: unknown) => JSON.stringify(answer).length;

describe('turns and per-token data', () => {
  it('are no part of a page, which says so', async () => {
    const answer = await page('agent');
    expect(answer.columns.map(({ name }) => name)).not.toContain('calls');
    expect(answer.columns.map(({ name }) => name)).toContain('numTurns');
    expect(answer.apart).toEqual([
      { name: 'calls', type: 'json', origin: 'logged', role: 'turns' },
      { name: 'tokens', type: 'json', origin: 'logged', role: 'tokens' },
    ]);
    expect(await page('plain')).not.toHaveProperty('apart');
    expect(sizeOf(answer)).toBeLessThan(1.1 * sizeOf(await page('plain')));
  });

  it('come where they are named, and with a whole row', async () => {
    const { columns, rows, rowIds, apart } = await page('agent', { columns: ['calls', 'tokens'], limit: 1 });
    expect([columns.map(({ role }) => role), rows, apart]).toEqual([['turns', 'tokens'], [[turns, tokens]], undefined]);
    const { cells } = await store.reader.row(rowIds[0] ?? '', FULL_ACCESS);
    expect(cells).toMatchObject({ calls: turns, tokens, numTurns: 200 });
  });

  it('are searched only where they are named', async () => {
    expect((await page('agent', { search: 'unheard-of' })).total).toBe(0);
    const search = { text: 'unheard-of', mode: 'plain', columns: ['calls'] };
    expect((await page('agent', { search, columns: ['prompt'] })).total).toBe(ROWS);
  });

  it('make a page no slower', async () => {
    const timeOf = async (run: string) => {
      const begin = performance.now();
      await page(run);
      return performance.now() - begin;
    };
    const [plain, agent]: [number[], number[]] = [[], []];
    for (let i = 0; i < 15; i++) {
      plain.push(await timeOf('plain'));
      agent.push(await timeOf('agent'));
    }
    // The fastest of each: what else the machine does only ever adds.
    expect(Math.min(...agent)).toBeLessThan(3 * Math.min(...plain));
  });

  it('leave a count that is called tokens in the page', async () => {
    await store.log('counts', [{ step: 1, tables: { t: { columns: ['response', 'tokens'], rows: [['a', 12]] } } }]);
    const { columns, apart } = await page('counts');
    expect([columns.some(({ name }) => name === 'tokens'), apart]).toEqual([true, undefined]);
  });
});
