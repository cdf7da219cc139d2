import { type DataFrame, FieldType, toDataFrame } from '@grafana/data';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/panel/data/readTable';
import { FULL_ACCESS } from '../../store/Access';
import { openStore } from '../../store/testing/openStore';

/** What the panel counts in a frame is what the store would count. */
let store: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  store = await openStore();
});

afterAll(() => store.close());

const FIELDS: Record<string, FieldType> = { step: FieldType.number, reward: FieldType.number, chars: FieldType.number };

function frameOf(rows: Array<Record<string, unknown>>): DataFrame {
  const fields = Object.entries(FIELDS).map(([name, type]) => ({ name, type, values: rows.map((row) => row[name]) }));
  return toDataFrame({ refId: 'A', fields });
}

const round = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)));

const reward = fc.oneof(
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.constantFrom(0, 1, 1.1, -0.1),
  fc.constant(null),
  fc.constant(Number.NaN),
);
const row = fc.record({
  step: fc.integer({ min: 0, max: 500 }),
  reward,
  chars: fc.option(fc.integer({ min: 0, max: 9_000 })),
});

describe('counts of a frame', () => {
  it('agree with those of the store, by step and by another column', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 30 }),
        async (rows, bins) => {
          const run = `r${runs++}`;
          const columns = [
            'step',
            { name: 'reward', type: 'number' as const },
            { name: 'chars', type: 'number' as const },
          ];
          const cells = rows.map((one) => [one.step, Number.isNaN(one.reward) ? 'NaN' : one.reward, one.chars]);
          await store.log(run, [{ step: 0, tables: { t: { columns, rows: cells } } }]);
          const table = readTable(frameOf(rows), null);
          const { signal } = new AbortController();
          for (const by of [undefined, 'chars']) {
            const request = { column: 'reward', ...(by && { by }), bins };
            const { asOf: _, ...answer } = await store.reader.distribution(
              { runs: [run], table: 't', ...request },
              FULL_ACCESS,
            );
            expect(round(await table.loadBins({ ...request, filter: [] }, signal))).toEqual(round(answer));
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
