import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-parquet-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

/** SQL of a cell, what it is read as, and the name of its type. */
const CELLS: ReadonlyArray<readonly [string, unknown]> = [
  ['1.10::DECIMAL(4,2)', 1.1],
  ['(-0.01)::DECIMAL(9,2)', -0.01],
  ['123456789012.345::DECIMAL(18,3)', 123456789012.345],
  ['12345678901234.5678::DECIMAL(18,4)', '12345678901234.5678'],
  ['(-12345678901234567890123456.789012)::DECIMAL(38,6)', '-12345678901234567890123456.789012'],
  ['42::DECIMAL(38,0)', 42],
  ['18446744073709551615::UBIGINT', '18446744073709551615'],
  ['5::UBIGINT', 5],
  ['9007199254740993::BIGINT', '9007199254740993'],
  ['4294967295::UINTEGER', 4294967295],
  ['(-128)::TINYINT', -128],
  // DuckDB writes these as the nearest double.
  ['5::HUGEINT', 5],
  ["'2026-01-02 03:04:05'::TIMESTAMP_S", '2026-01-02T03:04:05.000'],
  ["'2026-01-02 03:04:05.120'::TIMESTAMP_MS", '2026-01-02T03:04:05.120'],
  ["'2026-01-02 03:04:05.123456'::TIMESTAMP", '2026-01-02T03:04:05.123456'],
  ["'2026-01-02 03:04:05.123456789'::TIMESTAMP_NS", '2026-01-02T03:04:05.123456789'],
  ["'1969-12-31 23:59:59.999999'::TIMESTAMP", '1969-12-31T23:59:59.999999'],
  ["'2026-01-02 03:04:05.123456+00'::TIMESTAMPTZ", '2026-01-02T03:04:05.123456Z'],
  ["'2026-01-02'::DATE", '2026-01-02'],
  ["'03:04:05.123456'::TIME", '03:04:05.123456'],
  ['INTERVAL 3 DAY', 'P0M3DT0S'],
  ['[1, 2, NULL]', [1, 2, null]],
  ['[9007199254740993::BIGINT]', ['9007199254740993']],
  ['[[1.5::DECIMAL(38,2)], []]', [[1.5], []]],
  [
    "{'a': 1, 'b': 9007199254740993, 'c': 1.10::DECIMAL(4,2), 'd': NULL::INTEGER}",
    { a: 1, b: '9007199254740993', c: 1.1, d: null },
  ],
  [
    "[{'x': '2026-01-02'::DATE, 'y': ['2026-01-02 03:04:05.000001'::TIMESTAMP]}]",
    [{ x: '2026-01-02', y: ['2026-01-02T03:04:05.000001'] }],
  ],
  ["MAP {'k': 1.25::DECIMAL(20,4), 'l': 2}", { k: 1.25, l: 2 }],
  ["'x'::ENUM('x', 'y')", 'x'],
  ["'caf\\xC3\\xA9'::BLOB", 'caf\u00e9'],
  ["'\\xFF\\x00'::BLOB", 'base64:/wA='],
  ["'d57d17fb-da99-4708-ae11-5b0d45c33976'::UUID", 'd57d17fb-da99-4708-ae11-5b0d45c33976'],
  ['true', true],
  ["'-inf'::DOUBLE", '-Infinity'],
  ['\'{"seed": 9007199254740993}\'::JSON', '{"seed": 9007199254740993}'],
  ['\'{"seed": 7}\'::JSON', { seed: 7 }],
];

it('reads every type of parquet to the digit', { timeout: 60_000 }, async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const folder = join(base, 'types');
  mkdirSync(folder);
  const columns = CELLS.map(([sql], i) => `${sql} AS c${i}`).join(', ');
  const nulls = CELLS.map((_, i) => `NULL AS c${i}`).join(', ');
  await connection.run(
    `COPY (SELECT 'p' AS prompt, * FROM (SELECT ${columns}) UNION ALL BY NAME SELECT 'q' AS prompt, ${nulls})
     TO '${join(folder, 'x.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const said: string[] = [];
  const source = startImport(folder, store.url, {
    state: join(base, 'state'),
    tell: (...lines) => said.push(...lines),
  });
  await source.pass(true);
  source.close();
  expect(said.filter((line) => line.includes('decoded'))).toEqual([]);
  const [row = {}, empty = {}] = await store.rows('types', 'rollouts');
  for (const [i, [sql, expected]] of CELLS.entries()) {
    expect([sql, row[`c${i}`] ?? null]).toEqual([sql, expected]);
    expect([sql, empty[`c${i}`] ?? null]).toEqual([sql, null]);
  }
});
