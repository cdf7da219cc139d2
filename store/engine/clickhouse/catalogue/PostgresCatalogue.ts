import { randomBytes } from 'node:crypto';
import type { ColumnType, Role, RunEvent } from '@rolloscope/contract/types';
import type { RunRecord } from '../../Engine';
import type {
  AttemptReach,
  EventMark,
  LabelEntry,
  LatestOfRun,
  MetricRoom,
  Rollout,
  TableRoom,
} from '../../EngineReads';
import type { Adoption, SortedChanges } from '../../sortChanges';
import type { TableColumn } from '../../TableColumn';
import type { Catalogue, LabelledRollout, Moment, OpenedCommit, Positions, Removal } from './Catalogue';
import { type EventsQuery, readEvents } from './events';
import { keysFor, Names, runIds, runKeys } from './Keyring';
import { labelledRollouts, labelsOf } from './labels';
import { readLatest } from './latest';
import { FIRST, migrate } from './migrate';
import { type Ask, Postgres } from './Postgres';
import { isPassing, postgresFault } from './postgresFault';
import { publishChanges } from './publishChanges';
import { bury, SESSION, Session, type SessionOptions } from './Session';
import { stored, told } from './storedText';

const FOREIGN_KEY = '23503';
const PAUSE_MS = 200;

/** See `Catalogue`; its tables are in `schema.ts`. */
export class PostgresCatalogue implements Catalogue {
  readonly opening = randomBytes(5).toString('hex');
  private readonly names = { metrics: new Names('metrics', 'metric'), tables: new Names('tables', 'tbl') };
  private dead: Positions[] = [];
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly postgres: Postgres,
    private readonly session: Session,
    readonly storeId: string,
    readonly openedAt: number,
    private readonly newest: number | undefined,
  ) {}

  /**
   * Opens what a database has, makes it where there is none, and takes the runs over where their last owner is dead.
   *
   * @throws `unavailable` with what to do: nobody listens, wrong user or password, no such database, no right to make
   * tables, a version too old, tables of a newer store, another store that writes to it
   */
  static async open(url: string, options: SessionOptions = SESSION): Promise<PostgresCatalogue> {
    const postgres = await Postgres.connect(url);
    try {
      await migrate(postgres, FIRST);
      const session = await Session.begin(postgres, options);
      await migrate(postgres);
      const [[id = '', position = 0, newest = null] = []] = await postgres.ask<[string, number, number | null]>(
        'SELECT id, position, (SELECT max(time) FROM batches) FROM store',
      );
      return new PostgresCatalogue(postgres, session, id, position, newest ?? undefined);
    } catch (cause) {
      await postgres.close();
      throw postgresFault(cause, postgres.place);
    }
  }

  /** Every read and write goes through here: what went wrong is told in our words. */
  private async of<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    try {
      return await work(this.postgres.ask);
    } catch (cause) {
      throw postgresFault(cause, this.postgres.place);
    }
  }

  open(changes: SortedChanges): Promise<OpenedCommit> {
    return this.of(async (ask) => {
      this.requireRuns();
      const { keys, freshRuns } = await keysFor(ask, this.names, changes);
      return { position: await this.openPosition(ask), keys, freshRuns };
    });
  }

  private requireRuns(): void {
    if (this.session.trouble !== undefined) {
      throw this.session.lose();
    }
  }

  /** Commits come one after another: what this session has open still was lost with a connection. */
  private async openPosition(ask: Ask): Promise<number> {
    try {
      const [[position = 0] = []] = await ask<[number]>(
        `WITH lost AS (DELETE FROM commits WHERE session = $1 RETURNING position),
              buried AS (INSERT INTO dead SELECT position, position FROM lost),
              next AS (UPDATE store SET position = position + 1 RETURNING position)
         INSERT INTO commits SELECT position, $1 FROM next RETURNING position`,
        [this.session.number],
      );
      return position;
    } catch (cause) {
      throw (cause as { code?: string }).code === FOREIGN_KEY ? this.session.lose() : cause;
    }
  }

  async publish(commit: OpenedCommit, changes: SortedChanges): Promise<void> {
    for (;;) {
      try {
        await this.postgres.transaction(async (ask) => {
          const [opened] = await ask('DELETE FROM commits WHERE position = $1 RETURNING position', [commit.position]);
          if (opened !== undefined) {
            await publishChanges(ask, commit, changes);
          } else if (await isDead(ask, commit.position)) {
            throw this.session.lose();
          }
          // Else an earlier try was committed, though its answer never came.
        });
        return;
      } catch (cause) {
        if (!isPassing(cause) || this.closing) {
          throw postgresFault(cause, this.postgres.place);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async abandon({ position }: OpenedCommit): Promise<void> {
    await this.of(() => this.postgres.transaction((ask) => bury(ask, 'position = $1', position)));
  }

  moment(): Promise<Moment> {
    return this.of(async (ask) => {
      const [[position = 0, dead = 0] = []] = await ask<[number, number]>(
        `SELECT coalesce((SELECT min(position) - 1 FROM commits), (SELECT position FROM store)), (SELECT count(*) FROM dead)`,
      );
      if (dead !== this.dead.length) {
        const found = await ask<[number, number]>('SELECT first, last FROM dead ORDER BY first');
        this.dead = found.map(([from, to]) => ({ from, to }));
      }
      return { position, dead: this.dead };
    });
  }

  async skipPositions(upTo: number): Promise<void> {
    await this.of(() =>
      this.postgres.transaction(async (ask) => {
        const [[position = 0] = []] = await ask<[number]>('SELECT position FROM store FOR UPDATE');
        if (position < upTo) {
          await ask('INSERT INTO dead VALUES ($1, $2)', [position + 1, upTo]);
          await ask('UPDATE store SET position = $1', [upTo]);
        }
      }),
    );
  }

  async skipRows(upTo: number): Promise<void> {
    await this.of((ask) => ask('UPDATE store SET row = greatest(row, $1)', [upTo]));
  }

  reserveRows(count: number): Promise<number> {
    return this.of(async (ask) => {
      const [[last = 0] = []] = await ask<[number]>('UPDATE store SET row = row + $1 RETURNING row', [count]);
      return last - count + 1;
    });
  }

  async newestBatch(): Promise<number | undefined> {
    return this.newest;
  }

  loadRuns(): Promise<RunRecord[]> {
    return this.of(async (ask) => {
      const found = await ask<[string]>('SELECT record FROM runs WHERE record IS NOT NULL ORDER BY run');
      return found.map(([record]) => JSON.parse(record) as RunRecord);
    });
  }

  runKeys(runs: readonly string[]): Promise<Map<string, number>> {
    return this.of((ask) => runKeys(ask, runs));
  }

  runIds(keys: readonly number[]): Promise<Map<number, string>> {
    return this.of((ask) => runIds(ask, keys));
  }

  metricKeys(names: readonly string[]): Promise<Map<string, number>> {
    return this.of((ask) => this.names.metrics.find(ask, names));
  }

  metricNames(keys: readonly number[]): Promise<Map<number, string>> {
    return this.of((ask) => this.names.metrics.namesOf(ask, keys));
  }

  tableKeys(names: readonly string[]): Promise<Map<string, number>> {
    return this.of((ask) => this.names.tables.find(ask, names));
  }

  tableNames(keys: readonly number[]): Promise<Map<number, string>> {
    return this.of((ask) => this.names.tables.namesOf(ask, keys));
  }

  columnsOf(runs: readonly string[], table?: string): Promise<Map<string, Map<string, TableColumn[]>>> {
    return this.of(async (ask) => {
      const found = await ask<[string, string, string, ColumnType, TableColumn['origin'], Role | null]>(
        `SELECT tables.name, runs.id, columns.name, type, origin, role
         FROM columns JOIN runs USING (run) JOIN tables USING (tbl)
         WHERE runs.id = ANY($1) AND ($2::TEXT IS NULL OR tables.name = $2) ORDER BY tbl, run, seq`,
        [runs.map(stored), table === undefined ? null : stored(table)],
      );
      const all = new Map<string, Map<string, TableColumn[]>>();
      for (const [tableText, id, name, type, origin, role] of found) {
        const byRun = ofKey(all, told(tableText), () => new Map<string, TableColumn[]>());
        ofKey(byRun, told(id), (): TableColumn[] => []).push({ name: told(name), type, origin, ...(role && { role }) });
      }
      return all;
    });
  }

  adoptions(runs: readonly string[]): Promise<Adoption[]> {
    return this.of(async (ask) => {
      const found = await ask<[string, string, number, number, number]>(
        `SELECT id, name, attempt, from_row, step FROM adoptions JOIN runs USING (run) JOIN tables USING (tbl)
         WHERE id = ANY($1) ORDER BY seq`,
        [runs.map(stored)],
      );
      return found.map(([id, name, attempt, fromRow, step]) => ({
        ...{ kind: 'adopt', run: told(id), table: told(name), attempt, fromRow, step },
      }));
    });
  }

  labelled(runs: readonly string[], table: string, position: number): Promise<LabelledRollout[]> {
    return this.of((ask) => labelledRollouts(ask, runs, table, position));
  }

  labelsOf(rollout: Rollout): Promise<LabelEntry[]> {
    return this.of((ask) => labelsOf(ask, rollout));
  }

  labelCount(run: string): Promise<number> {
    return this.numberOf('SELECT count(*) FROM labels JOIN runs USING (run) WHERE id = $1', [stored(run)]);
  }

  labelledAt(runs: readonly string[], table: string): Promise<number> {
    return this.numberOf(
      `SELECT max(position) FROM labels JOIN runs USING (run) JOIN tables USING (tbl)
       WHERE id = ANY($1) AND tables.name = $2`,
      [runs.map(stored), stored(table)],
    );
  }

  private numberOf(sql: string, values: readonly unknown[] = []): Promise<number> {
    return this.of(async (ask) => (await ask<[number | null]>(sql, values))[0]?.[0] ?? 0);
  }

  latestPoints(): Promise<LatestOfRun[]> {
    return this.of((ask) => readLatest(ask, (keys) => this.names.metrics.namesOf(ask, keys)));
  }

  reached(): Promise<AttemptReach[]> {
    return this.of(async (ask) => {
      const found = await ask<[string, number, number | null, number | null, number]>(
        'SELECT id, attempt, step, above_zero, time FROM reach JOIN runs USING (run)',
      );
      return found.map(([id, attempt, step, aboveZero, time]) => ({ run: told(id), attempt, step, aboveZero, time }));
    });
  }

  metricRoom(metrics: readonly string[]): Promise<MetricRoom> {
    return this.of(async (ask) => {
      const [[names = 0] = []] = await ask<[number]>('SELECT count(*) FROM metrics');
      return { names, known: new Set((await this.names.metrics.find(ask, metrics)).keys()) };
    });
  }

  columnCount(): Promise<number> {
    return this.numberOf('SELECT count(*) FROM columns');
  }

  tableRoom(run: string, table: string): Promise<TableRoom> {
    return this.of(async (ask) => {
      const [[tables = 0, tablesOfRun = 0, columnsOfAll = 0] = []] = await ask<[number, number, number]>(
        `SELECT (SELECT count(DISTINCT tbl) FROM places),
                (SELECT count(DISTINCT tbl) FROM columns JOIN runs USING (run) WHERE id = $1),
                (SELECT count(*) FROM places)`,
        [stored(run)],
      );
      const found = await ask<[string, ColumnType]>(
        'SELECT places.name, type FROM places JOIN tables USING (tbl) WHERE tables.name = $1',
        [stored(table)],
      );
      const known = new Set(found.map(([name, type]) => `${type} ${told(name)}`));
      const has = ({ name, type }: TableColumn) => known.has(`${type} ${name}`);
      return { tables, tablesOfRun, columnsOfAll, columns: found.length, has };
    });
  }

  events(query: EventsQuery): Promise<RunEvent[]> {
    return this.of((ask) => readEvents<RunEvent>(ask, 'event', query));
  }

  eventMarks(query: { runs: string[]; types: string[]; limit: number }): Promise<EventMark[]> {
    return this.of((ask) => readEvents<EventMark>(ask, 'mark', query));
  }

  adapterState(run: string): Promise<Map<string, string>> {
    return this.of(async (ask) => {
      const found = await ask<[string, string]>(
        'SELECT key, value FROM adapter_state JOIN runs USING (run) WHERE id = $1',
        [stored(run)],
      );
      return new Map(found.map(([key, value]) => [told(key), told(value)]));
    });
  }

  async batchIds(runs: readonly string[], take: (run: string, batchId: string) => void): Promise<void> {
    const found = await this.of((ask) =>
      ask<[string, string]>('SELECT id, batch FROM batches JOIN runs USING (run) WHERE id = ANY($1)', [
        runs.map(stored),
      ]),
    );
    for (const [id, batch] of found) {
      take(told(id), told(batch));
    }
  }

  findBatches(batches: ReadonlyArray<{ run: string; batchId: string }>): Promise<Map<string, Map<string, number>>> {
    return this.of(async (ask) => {
      const found = await ask<[string, string, number]>(
        `SELECT id, batch, accepted FROM unnest($1::TEXT[], $2::TEXT[]) AS asked (id, batch)
         JOIN runs USING (id) JOIN batches USING (run, batch)`,
        [batches.map(({ run }) => stored(run)), batches.map(({ batchId }) => stored(batchId))],
      );
      const byRun = new Map<string, Map<string, number>>();
      for (const [id, batch, accepted] of found) {
        ofKey(byRun, told(id), () => new Map<string, number>()).set(told(batch), accepted);
      }
      return byRun;
    });
  }

  async forgetBatches(before: number): Promise<void> {
    this.requireRuns();
    await this.of((ask) => ask('DELETE FROM batches WHERE time < $1', [before]));
  }

  removals(): Promise<Removal[]> {
    return this.of(async (ask) => {
      const found = await ask<[number, number]>('SELECT run, position FROM removals ORDER BY position');
      return found.map(([key, position]) => ({ key, position }));
    });
  }

  async removed(keys: readonly number[]): Promise<void> {
    await this.of((ask) => ask('DELETE FROM removals WHERE run = ANY($1)', [keys]));
  }

  get replaced(): Promise<void> {
    return this.session.replaced;
  }

  trouble(): string | undefined {
    return this.session.trouble;
  }

  bytes(): Promise<number> {
    return this.numberOf(
      `SELECT sum(pg_total_relation_size(oid))::BIGINT FROM pg_class
       WHERE relnamespace = current_schema()::REGNAMESPACE AND relkind = 'r'`,
    );
  }

  close(): Promise<void> {
    this.closing ??= this.session.end().then(() => this.postgres.close());
    return this.closing;
  }
}

const isDead = async (ask: Ask, position: number) =>
  (await ask('SELECT FROM dead WHERE $1 BETWEEN first AND last', [position])).length > 0;

function ofKey<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
