import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { startClickHouse } from './clickhouse';
import { startPostgres } from './postgres';

describe('a server for tests', () => {
  it('is a real ClickHouse, whose data outlive a kill', async () => {
    const server = await startClickHouse();
    try {
      const ask = async (query: string, url = server.url) => {
        const { origin, username, password } = new URL(url);
        const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
        const answer = await fetch(origin, { method: 'POST', body: query, headers: { authorization } });
        return (await answer.text()).trim();
      };
      await ask('CREATE TABLE default.t (n UInt32) ENGINE = MergeTree ORDER BY n');
      await ask('INSERT INTO default.t SELECT number FROM numbers(1000)');
      await server.kill9();
      await server.restart();
      expect(await ask('SELECT sum(n) FROM default.t')).toBe('499500');
      await server.restart();
      expect(await ask('SELECT count() FROM default.t', server.readerUrl)).toBe('1000');
      expect(await ask('INSERT INTO default.t VALUES (1)', server.readerUrl)).toMatch(/readonly/);
      expect(await ask('SELECT version()')).toMatch(/^26\.7\./);
    } finally {
      await server.remove();
    }
  });

  it('is a real PostgreSQL, whose commits outlive a kill', async () => {
    const server = await startPostgres();
    try {
      const url = await server.createDatabase('other');
      const ask = async (sql: string) => {
        const client = new Client(url);
        await client.connect();
        try {
          return (await client.query(sql)).rows;
        } finally {
          await client.end();
        }
      };
      await ask('CREATE TABLE t (n INTEGER)');
      await ask('INSERT INTO t SELECT * FROM generate_series(1, 1000)');
      await server.kill9();
      await expect(ask('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.restart();
      expect(await ask('SELECT count(*)::INTEGER AS n FROM t')).toEqual([{ n: 1_000 }]);
    } finally {
      await server.remove();
    }
  });
});
