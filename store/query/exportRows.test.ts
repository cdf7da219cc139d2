import { afterAll, beforeAll, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

/** Rows of several parts, and one slice. */
const ROWS = 1_700;
const numbers = Array.from({ length: ROWS }, (_, i) => i);

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const rows = numbers.map((n) => [(n * 7919) % ROWS, `${n} ${'long '.repeat(100)}`]);
  await store.log('r', [{ step: 1, tables: { t: { columns: ['n', 't'], rows } } }]);
});
afterAll(() => store.close());

/** In an order that lies everywhere. */
async function scattered() {
  const orderBy = [{ column: 'n', direction: 'asc' as const }];
  const stream = await store.reader.openExport({ runs: ['r'], table: 't', format: 'jsonl', orderBy }, FULL_ACCESS);
  const at = stream.columns.findIndex(({ name }) => name === 'n');
  const chunks = stream.chunks({})[Symbol.asyncIterator]();
  const next = async () => (await chunks.next()).value?.map((row: unknown[]) => row[at]) as number[] | undefined;
  const rest = async () => {
    const seen: number[] = [];
    for (let part = await next(); part; part = await next()) {
      seen.push(...part);
    }
    return seen;
  };
  return { next, rest, end: () => chunks.return?.(undefined) };
}

it('goes on beside an export that nobody takes, which goes on where it was', async () => {
  const idle = await scattered();
  const first = (await idle.next()) ?? [];
  expect(first.length).toBeLessThan(ROWS);
  expect(await (await scattered()).rest()).toEqual(numbers);
  expect([...first, ...(await idle.rest())]).toEqual(numbers);
});

it('goes on at once when one that is under way ends', async () => {
  const ended = await scattered();
  await ended.next();
  const waiting = (await scattered()).rest();
  await ended.end();
  expect(await waiting).toEqual(numbers);
});
