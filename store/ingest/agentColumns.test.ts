import type { LogRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

type Columns = NonNullable<LogRequest['entries'][number]['tables']>[string]['columns'];

/** The derived columns of rows beside an id, by name. */
async function derived(columns: Columns, rows: unknown[][]) {
  const run = `run ${++count}`;
  const named = [...columns, 'id'];
  const cells = rows.map((row, i) => [...row, i]);
  await store.log(run, [{ step: 1, tables: { t: { columns: named, rows: cells } } }]);
  const orderBy = [{ column: 'id', direction: 'asc' as const }];
  const page = await store.reader.rows({ runs: [run], table: 't', orderBy }, FULL_ACCESS);
  const found = page.columns.flatMap(({ name, origin }, i) =>
    origin === 'derived' ? [[name, page.rows.map((row) => row[i])] as const] : [],
  );
  return Object.fromEntries(found);
}

const turns = { name: 'steps of the agent', role: 'turns' as const };
const tokens = { name: 'logprobs', role: 'tokens' as const };

describe('columns of rows with turns', () => {
  it('say where the time went, and which policies made them', async () => {
    const agent = [
      { kind: 'generate', start: 0, end: 2_000, policyVersion: 6 },
      { kind: 'tool', start: 2_000, end: 2_500, tool: 'search' },
      { kind: 'generate', start: 2_500, end: 3_000, policyVersion: 7 },
      { kind: 'tool', start: 3_000, end: 9_000, tool: 'python' },
    ];
    const rows = [
      [agent, 9],
      [[{ role: 'assistant' }], 9],
      ['no turns', 9],
      [null, null],
    ];
    expect(await derived([turns, 'trainingVersion'], rows)).toEqual({
      numTurns: [2, 1, null, null],
      generateSeconds: [2.5, null, null, null],
      toolSeconds: [6.5, null, null, null],
      environmentSeconds: [0, null, null, null],
      queueSeconds: [0, null, null, null],
      slowestTool: ['python', null, null, null],
      policyVersion: [6, null, null, null],
      policyMixed: [true, null, null, null],
      policyAge: [3, null, null, null],
    });
  });

  it('are none where no turn has what they need', async () => {
    expect(await derived([turns], [[[{ role: 'assistant' }]], [[{ role: 'user' }]]])).toEqual({ numTurns: [1, 0] });
    expect(await derived([turns], [[[1, 2]], ['text']])).toEqual({});
    expect(await derived(['turns', 'policyVersion', 'tokens'], [[7, 3, 120]])).toEqual({});
  });
});

describe('the policy of rows', () => {
  it('is the oldest of what the row says, however it says it', async () => {
    const columns = ['policyVersion', 'policyVersionEnd', 'trainingVersion'];
    const rows = [
      [3, 5, 6],
      [4, 4, 4],
      [4, null, 6],
      [null, 2, 5],
      [null, null, 5],
    ];
    expect(await derived(columns, rows)).toEqual({
      policyMixed: [true, false, null, false, null],
      policyAge: [3, 0, 2, 3, null],
    });
    expect(await derived(['policyVersion', 'trainingVersion'], [[['12', '10', '12'], 12]])).toEqual({
      policyMixed: [true],
      policyAge: [2],
    });
  });
});

describe('the mismatch of tokens', () => {
  it('is that of an offline computation, and null where nothing is known', async () => {
    const length = 1_000;
    const noise = (seed: number) => Array.from({ length }, (_, i) => -((Math.sin(seed * (i + 1)) + 1) * 3));
    const [logprobs, prev_logprobs] = [noise(1.3), noise(2.7)];
    const mask = logprobs.map((_, i) => Number(i % 3 > 0));
    const apart = logprobs.flatMap((one, i) => (mask[i] ? Math.abs(one - (prev_logprobs[i] ?? 0)) : []));
    const rows = [[{ logprobs, prev_logprobs, mask }], [{ logprobs }], [null]];
    const { mismatchMean, mismatchMax } = await derived([tokens], rows);
    expect(mismatchMean?.[0]).toBeCloseTo(apart.reduce((sum, one) => sum + one, 0) / apart.length, 4);
    expect(mismatchMax?.[0]).toBeCloseTo(Math.max(...apart), 4);
    expect([mismatchMean, mismatchMax].map((values) => values?.slice(1))).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});
