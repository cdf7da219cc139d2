import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { query, queryChunks, queryStreamed } from './query';

const TABLE = 'SELECT range::DOUBLE AS a, range::VARCHAR AS b, nullif(range % 3, 0) AS c FROM range(500000)';

it('turns a large answer into JavaScript values while others have their turns', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  let longest = 0;
  let last = performance.now();
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const watch = setInterval(look, 1);
  const begin = performance.now();
  const found = await query(connection, TABLE);
  look();
  clearInterval(watch);
  expect(found.count).toBe(500_000);
  expect([0, 1, 2].map((column) => found.at(column).length)).toEqual([500_000, 500_000, 500_000]);
  expect([0, 1, 2].map((column) => found.at(column).at(-1))).toEqual([499_999, '499999', 1n]);
  expect(found.at(2)[3]).toBeNull();
  expect(longest).toBeLessThan((performance.now() - begin) / 3);
});

it('hands an answer on in parts', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const counts: number[] = [];
  await queryChunks(connection, TABLE, [], (part) => counts.push(part.count));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500_000);
  expect(Math.max(...counts)).toBeLessThanOrEqual(2_048);
  counts.length = 0;
  await queryChunks(connection, 'SELECT 1 WHERE false', [], (part) => counts.push(part.count));
  expect(counts).toEqual([]);
});

it('fails by its own name where the database does half-way through its answer', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const failing = `SELECT CASE WHEN range = 300000 THEN error('half-way')::VARCHAR ELSE repeat('x', 99) END FROM range(500000)`;
  let taken = 0;
  const take = ({ count }: { count: number }) => {
    taken += count;
  };
  await expect(queryChunks(connection, failing, [], take)).rejects.toThrow('half-way');
  expect(taken).toBeGreaterThan(0);
  for (const read of [query, queryStreamed]) {
    await expect(read(connection, failing)).rejects.toThrow('half-way');
    expect((await read(connection, 'SELECT 1::INTEGER')).at(0)).toEqual([1]);
    expect((await read(connection, 'CREATE OR REPLACE TABLE made AS FROM range(3)')).at(0)).toEqual([3n]);
  }
});
