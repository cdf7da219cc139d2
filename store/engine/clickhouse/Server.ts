import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { FairPool } from '../../pacing/FairPool';
import { READ_MS, withinTime } from '../../pacing/withinTime';
import type { ReadOptions } from '../ReadOptions';
import { Columns } from './Columns';
import { asStoreError } from './failure';
import { Parameters } from './Parameters';

/** Statements of callers that are under way at one time, and of one of them; each takes several cores of the server. */
const [TURNS, MOST] = [16, 8];
/** Connections: the store's own statements find one, whatever callers ask. */
const CONNECTIONS = 2 * TURNS;
/** Milliseconds that the server may be silent for: to remove what deleted runs left takes long. */
const SILENCE = 600_000;

/** The settings that answers depend on: a server may have been set up otherwise. */
const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 1,
  // A column of a table that is computed under its own name is still the table's where rows are chosen.
  prefer_column_name_to_alias: 1,
  join_use_nulls: 1,
  transform_null_in: 0,
  group_by_use_nulls: 0,
  // Statements of a selection put views into each other.
  max_query_size: '16777216',
  max_ast_elements: '2000000',
  max_expanded_ast_elements: '4000000',
};

const READING: ClickHouseSettings = {
  // Only what does not write ends when its connection does.
  readonly: '2',
  cancel_http_readonly_queries_on_client_close: 1,
  // An answer that fails half-way is none.
  wait_end_of_query: 1,
};

const WRITING: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  // The shortest decimal of a number gives that number back, to the bit.
  precise_float_parsing: 1,
};

/** The client hands on, as a text, also a format that it could not take apart. */
const COLUMNS = 'JSONCompactColumns' as 'JSONCompact';

/** A line to be written, in the order of the table's columns. */
export type Line = readonly unknown[];

/** One ClickHouse, and a database of it; asked on behalf of somebody or, without options, of the store itself. */
export class Server {
  private constructor(
    private readonly client: ClickHouseClient,
    readonly database: string,
    private readonly turns: FairPool<number>,
    private readonly options: ReadOptions = {},
  ) {}

  /**
   * Makes the database where there is none.
   *
   * @param url with user and password, and the database as its path where it is not `rolloscope`
   */
  static async connect(url: string): Promise<Server> {
    const address = new URL(url);
    const database = decodeURIComponent(address.pathname.slice(1)) || 'rolloscope';
    const options = {
      url: address.origin,
      username: decodeURIComponent(address.username) || 'default',
      password: decodeURIComponent(address.password),
      application: 'rolloscope',
      request_timeout: SILENCE,
      max_open_connections: CONNECTIONS,
      use_multipart_params_auto: true,
      clickhouse_settings: SETTINGS,
      // What fails is told by who asked.
      log: { level: ClickHouseLogLevel.OFF },
    };
    const anywhere = createClient(options);
    try {
      await told(anywhere.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoted(database)}` }));
    } finally {
      await anywhere.close();
    }
    const turns = new FairPool<number>(MOST);
    for (let turn = 0; turn < TURNS; turn++) {
      turns.release(turn);
    }
    return new Server(createClient({ ...options, database }), database, turns);
  }

  readsFor(options: ReadOptions): Server {
    return new Server(this.client, this.database, this.turns, options);
  }

  /**
   * One statement, and all of its answer. Ends early, with the reason of the signal, when nobody waits for it any more;
   * the server ends it then, too.
   */
  read(sql: string, parameters = new Parameters()): Promise<Columns> {
    return withinTime(this.options, async ({ signal, caller, time }) => {
      // The store's own reads, which commits wait for, wait for no caller's.
      const turn = caller === undefined ? undefined : await this.turns.acquire(caller, signal);
      try {
        const answer = await this.client.query({
          query: sql,
          query_params: parameters.values,
          format: COLUMNS,
          clickhouse_settings: { ...READING, max_execution_time: Math.max(1, time?.left ?? READ_MS) / 1_000 },
          ...(signal && { abort_signal: signal }),
        });
        return new Columns(JSON.parse(await answer.text()) as unknown[][]);
      } catch (error) {
        signal?.throwIfAborted();
        throw asStoreError(error);
      } finally {
        if (turn !== undefined) {
          this.turns.release(turn);
        }
      }
    });
  }

  /** Writes lines, once for a token, durable when it resolves. */
  async insert(table: string, token: string, lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) {
      return;
    }
    await told(
      this.client.insert({
        table,
        values: lines,
        format: 'JSONCompactEachRow',
        clickhouse_settings: { ...WRITING, insert_deduplication_token: token },
      }),
    );
  }

  /** A statement without an answer. */
  async run(sql: string, parameters = new Parameters(), settings: ClickHouseSettings = {}): Promise<void> {
    await told(
      this.client.command({
        query: sql,
        query_params: parameters.values,
        clickhouse_settings: settings,
      }),
    );
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** A name in a statement. */
export const quoted = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

const told = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw asStoreError(error);
  });
