import pg from 'pg';
import { StoreError } from '../../../StoreError';
import { LEAST_VERSION, type PostgresPlace, postgresFault } from './postgresFault';

/** One statement; rows are lists, in the order of its columns. */
export type Ask = <Row extends unknown[]>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

const CONNECTIONS = 12;
const CONNECT_MS = 5_000;
/** A server that is cut off says nothing at all. */
const ANSWER_MS = 60_000;
/** What the store keeps is apart from whatever else a database has. */
export const SCHEMA = 'rolloscope';

// Positions, rows, times and steps are safe integers.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

/** Connections to a PostgreSQL, in the schema `rolloscope` of a database. What goes wrong throws as it came. */
export class Postgres {
  private constructor(
    private readonly pool: pg.Pool,
    readonly place: PostgresPlace,
  ) {}

  /** Throws `StoreError` where it cannot be used. */
  static async connect(url: string): Promise<Postgres> {
    const pool = new pg.Pool({
      connectionString: url,
      options: `-c search_path=${SCHEMA}`,
      application_name: 'rolloscope-store',
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      types,
    });
    // An idle connection that breaks is replaced by the next who asks.
    pool.on('error', () => {});
    const { host, port, database = '', user = '' } = new pg.Client(url);
    const postgres = new Postgres(pool, { server: `${host}:${port}`, database, user });
    try {
      await postgres.requireVersion();
    } catch (cause) {
      await pool.end();
      throw postgresFault(cause, postgres.place);
    }
    return postgres;
  }

  readonly ask: Ask = async <Row extends unknown[]>(sql: string, values: readonly unknown[] = []) => {
    const { rows } = await this.pool.query<Row>({ text: sql, values: [...values], rowMode: 'array' });
    return rows;
  };

  /** Commits all of it or none; which is not known where the connection breaks at its end. */
  async transaction<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    // Whoever asks next is told, too.
    const ignore = () => {};
    client.on('error', ignore);
    let isWell = false;
    try {
      const ask: Ask = async <Row extends unknown[]>(sql: string, values: readonly unknown[] = []) =>
        (await client.query<Row>({ text: sql, values: [...values], rowMode: 'array' })).rows;
      await client.query('BEGIN');
      const result = await work(ask);
      await client.query('COMMIT');
      isWell = true;
      return result;
    } finally {
      // One that is thrown away rolls back whatever it had begun.
      client.off('error', ignore).release(!isWell);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async requireVersion(): Promise<void> {
    const [[version = '', encoding = ''] = []] = await this.ask<[string, string]>(
      "SELECT current_setting('server_version'), current_setting('server_encoding')",
    );
    if (!(Number.parseInt(version, 10) >= LEAST_VERSION)) {
      throw new StoreError(
        'unavailable',
        `PostgreSQL at ${this.place.server} is ${version}; the store needs ${LEAST_VERSION} or newer.`,
      );
    }
    if (encoding !== 'UTF8') {
      throw new StoreError(
        'unavailable',
        `The database ${this.place.database} is in ${encoding}; make one in UTF8: CREATE DATABASE … ENCODING 'UTF8'.`,
      );
    }
  }
}
