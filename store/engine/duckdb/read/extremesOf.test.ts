import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { query } from '../query';
import { extremesOf } from './extremesOf';
import { reduceSql } from './reduceSql';

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308) },
);
/** In the order of logging: steps come once, in any order; times come again. */
const logged = fc.uniqueArray(
  fc.record({ step: fc.integer({ min: -300, max: 300 }), time: fc.integer({ min: -40, max: 40 }), value }),
  { selector: ({ step }) => step, minLength: 1, maxLength: 120 },
);
const number = (one: number) => `'${Object.is(one, -0) ? '-0' : one}'::DOUBLE`;

it.each(['step', 'time'] as const)('one pass over points gives what the database makes of them, by %s', async (x) => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const ask = fc.tuple(logged, fc.constantFrom(0, 1, 3, 5, 63), fc.nat(), fc.boolean());
  await fc.assert(
    fc.asyncProperty(ask, async ([points, shift, seed, hasStepless]) => {
      // By time points without a step count, too.
      const stepOf = (step: number, i: number) => (x === 'time' && hasStepless && i % 3 === 0 ? null : step);
      const lines = points.map((one, i) => ({ ...one, step: stepOf(one.step, i), seq: i, spread: i / 2 }));
      const rows = lines.map(
        ({ step, time, value: v, seq, spread }) =>
          `(${step}::BIGINT, ${time}::BIGINT, ${number(v)}, ${seq}, ${spread})`,
      );
      const nonFinite = lines.some((one) => !Number.isFinite(one.value));
      const sql = reduceSql(
        { x, reduce: 'extremes', groups: new Map() },
        `SELECT * FROM (VALUES ${rows.join(', ')}) t(step, time, value, seq, spread)`,
        [],
        { shift, nonFinite },
      );
      const found = await query(
        connection,
        `SELECT step::DOUBLE, time::DOUBLE, value, spread::DOUBLE FROM (${sql}) ORDER BY ${x}, seq`,
      );
      // The database may hand them on in any order.
      const shuffled = lines.toSorted((a, b) => ((a.seq * 7 + seed) % 11) - ((b.seq * 7 + seed) % 11));
      const list = (pick: (line: (typeof lines)[number]) => number | null) =>
        Float64Array.from(shuffled, (line) => pick(line) ?? Number.NaN);
      const given = { x: list((line) => line[x]), value: list((line) => line.value) };
      const indices = extremesOf(x === 'time' ? { ...given, seq: list(({ seq }) => seq) } : given, shift);
      const kept = indices.flatMap((index) => shuffled[index] ?? []);
      expect(kept.map(({ step }) => step)).toEqual(found.at(0));
      expect([kept.map((one) => one.time), kept.map((one) => one.spread)]).toEqual([found.at(1), found.at(3)]);
      // The database gives 0 for -0 there, and JSON does not tell them apart.
      expect(kept.map((one) => one.value + 0)).toEqual(found.at<number>(2).map((one) => one + 0));
    }),
    { numRuns: 150 },
  );
  connection.closeSync();
});
