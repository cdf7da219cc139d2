import { randomBytes } from 'node:crypto';
import { StoreError } from '../../StoreError';
import type { Change, Engine, LoggedAsk, RunRecord } from '../Engine';
import { Database, RESERVE_BYTES } from './Database';
import { damaged, damageIn } from './damaged';
import { asStoreError, named } from './failure';
import type { Layout } from './Layout';
import { loadLayout } from './loadLayout';
import { lastPosition } from './lookAtFiles';
import { migrate } from './migrate';
import { adoptRows, deleteRuns, forgetRuns } from './moveRows';
import type { OpenOptions } from './openFile';
import { type Publish, placeColumns } from './placeColumns';
import { query } from './query';
import { findBatches, readBatchIds } from './read/batches';
import { DuckDbReads } from './read/DuckDbReads';
import { readFirstRows } from './read/firstRows';
import { readLoggedSteps } from './read/loggedSteps';
import { rollUp } from './rollUp';
import { sortChanges } from './sortChanges';
import { writeBatches, writeEvents, writeNames, writeNotes, writeRecords } from './writeAttributes';
import { writePoints } from './writePoints';
import { writeRows } from './writeRows';

/** Storage in one DuckDB file. See `schema.ts` for its tables, `docs/decisions/storage.md` for the reasons. */
export class DuckDbEngine extends DuckDbReads implements Engine {
  readonly opening = randomBytes(5).toString('hex');
  openedAt = 0;
  nextRow = 1;
  newestBatch: number | undefined;
  private current = 0;

  private constructor(
    database: Database,
    layout: Layout,
    readonly storeId: string,
  ) {
    super(database, layout);
  }

  /** Opens the store in a directory, creates it where there is none, and brings an older one up to date. */
  static async open(directory: string, options: Partial<OpenOptions> = {}): Promise<DuckDbEngine> {
    const database = await Database.open(directory, options);
    try {
      await migrate(database.writer);
      const layout = await loadLayout(database);
      const id = (await database.lookUp('SELECT id FROM store')).at<string>(0)[0] ?? '';
      const engine = new DuckDbEngine(database, layout, id);
      await engine.findEnds();
      return engine;
    } catch (error) {
      await database.close();
      throw unreadable(directory, error);
    }
  }

  get position(): number {
    return this.current;
  }

  private async findEnds(): Promise<void> {
    const tables = [...this.layout.tables.keys()].map((key) => `rows_${key}`);
    const positions = [
      'SELECT position AS p FROM ends',
      ...['points', ...tables].map((table) => `SELECT max(position) FROM ${table}`),
    ];
    const rows = ['SELECT row AS r FROM ends', ...tables.map((table) => `SELECT max(row) FROM ${table}`)];
    const ends = await this.database.lookUp(
      `SELECT (SELECT max(p) FROM (${positions.join(' UNION ALL ')}))::DOUBLE,
              (SELECT max(r) FROM (${rows.join(' UNION ALL ')}))::DOUBLE,
              (SELECT max(time) FROM batches)::DOUBLE`,
    );
    // In stores of earlier versions commits without points and rows left no position; the jump keeps positions ascending.
    this.current = (ends.at<number>(0)[0] ?? 0) + 1_000_000;
    this.openedAt = this.current;
    this.nextRow = (ends.at<number>(1)[0] ?? 0) + 1;
    this.newestBatch = ends.at<number | null>(2)[0] ?? undefined;
  }

  async commit(changes: Change[]): Promise<number> {
    if (changes.some(({ kind }) => kind !== 'delete' && kind !== 'run')) {
      await this.refuseFullDisk();
    }
    const { writer } = this.database;
    const position = this.current + 1;
    const publish: Publish[] = [];
    const firstRow = this.nextRow;
    let isCommitting = false;
    try {
      await writer.run('BEGIN');
      await this.apply(changes, position, publish);
      isCommitting = true;
      await writer.run('COMMIT');
    } catch (error) {
      await writer.run('ROLLBACK').catch(() => undefined);
      const wasOpened = await this.recover(error, isCommitting);
      const isThere = wasOpened && (await lastPosition(this.database.writer)) === position;
      if (!isThere) {
        this.nextRow = firstRow;
        this.settle(false);
        throw asStoreError(error);
      }
      // It failed when all of it was on the disk already, where opening the file again found it.
    }
    this.settle(true);
    for (const step of publish) {
      step();
    }
    this.current = position;
    await this.database.promise(position);
    return position;
  }

  private settle(committed: boolean): void {
    for (const dictionary of [this.layout.runs, this.layout.metrics, this.layout.tableNames]) {
      dictionary.settle(committed);
    }
  }

  /** Each kind at once: a statement costs a millisecond, and hundreds of runs log in one commit. */
  private async apply(changes: Change[], position: number, publish: Publish[]): Promise<void> {
    const { layout } = this;
    const { writer } = this.database;
    const sorted = sortChanges(changes, this.nextRow);
    this.nextRow = sorted.nextRow;
    const deleted = forgetRuns(layout, sorted.deleted, publish);
    const tables = await placeColumns(writer, layout, sorted.rows, publish);
    await deleteRuns(writer, deleted, position, this.nextRow - 1);
    await adoptRows(writer, layout, sorted.adoptions);
    for (const table of tables) {
      await writeRows(writer, table, position);
    }
    await writePoints(writer, layout, sorted.points, position);
    await writeEvents(writer, layout, sorted.events);
    await writeBatches(writer, layout, sorted.batches);
    await writeNotes(writer, layout, sorted.notes);
    await writeRecords(writer, layout, sorted.records);
    await writeNames(writer, layout);
    const hasLines =
      sorted.points.some(({ values }) => values.length > 0) || sorted.rows.some(({ times }) => times.length > 0);
    if (!hasLines && deleted.keys.length === 0) {
      await writer.run('UPDATE ends SET position = ?', [BigInt(position)]);
    }
  }

  private async refuseFullDisk(): Promise<void> {
    const { freeBytes, log } = await this.database.size();
    const needed = RESERVE_BYTES + log;
    if (freeBytes < needed) {
      const [free, least] = [freeBytes, needed].map((bytes) => `${Math.ceil(bytes / 1024 / 1024)} MB`);
      throw new StoreError(
        'disk_full',
        `The store's disk is full: ${free} are free, and nothing is written below ${least}. Free some room and retry.`,
      );
    }
  }

  /**
   * After a failure that DuckDB cannot go on from, the file is opened again; true when it was. A commit that failed
   * midway, as for want of memory, is one: some columns keep its rows in memory, and what comes later would lie beside
   * the wrong ones.
   */
  private async recover(error: unknown, isCommitting = false): Promise<boolean> {
    const isInvalid = isCommitting || /invalidated/i.test(String(error));
    if (isInvalid) {
      await this.database.reopen();
    }
    return isInvalid;
  }

  async loadRuns(): Promise<RunRecord[]> {
    const rows = await this.database.lookUp('SELECT record FROM runs ORDER BY run');
    return rows.at<string>(0).map((record) => JSON.parse(record) as RunRecord);
  }

  batchIds(runs: readonly string[], take: (run: string, batchId: string) => void): Promise<void> {
    return named(readBatchIds(this.database.writer, this.layout, runs, take));
  }

  findBatches(batches: ReadonlyArray<{ run: string; batchId: string }>) {
    return named(findBatches(this.database.writer, this.layout, batches));
  }

  loggedSteps(asked: readonly LoggedAsk[]) {
    return named(readLoggedSteps(this.database.writer, this.layout, asked));
  }

  firstRows(table: string, contents: ReadonlyMap<string, ReadonlySet<string>>) {
    return named(readFirstRows(this.database.writer, this.layout, table, contents));
  }

  async notes(run: string): Promise<Map<string, string>> {
    const key = this.layout.runs.find(run) ?? -1;
    const rows = await this.database.lookUp('SELECT key, value FROM notes WHERE run = ?', [key]);
    const values = rows.at<string>(1);
    return new Map(rows.at<string>(0).map((name, i) => [name, values[i] ?? '']));
  }

  async forgetBatches(before: number): Promise<void> {
    await named(this.database.writer.run('DELETE FROM batches WHERE time < ?', [BigInt(before)]));
  }

  async checkpoint(): Promise<boolean> {
    const { freeBytes, log } = await this.database.size();
    if (freeBytes < log + RESERVE_BYTES / 2) {
      return false;
    }
    try {
      const isBehind = await rollUp(this.database.writer, this.layout);
      await this.database.checkpoint();
      return isBehind;
    } catch (error) {
      await this.recover(error);
      throw asStoreError(error);
    }
  }

  /** Gives back disk when most of the file is free blocks; call it between commits. True when it did. */
  async reclaim(): Promise<boolean> {
    const blocks = await query(
      this.database.writer,
      `SELECT total_blocks::DOUBLE, free_blocks::DOUBLE, block_size::DOUBLE
       FROM pragma_database_size() WHERE database_name = 'store'`,
    );
    const [total = 0, free = 0, size = 0] = [0, 1, 2].map((i) => blocks.at<number>(i)[0] ?? 0);
    const { freeBytes } = await this.database.size();
    const hasRoom = freeBytes > (total - free) * size + RESERVE_BYTES;
    if (free * 2 < total || free * size < 16 * 1024 * 1024 || !hasRoom) {
      return false;
    }
    await this.database.rewrite();
    return true;
  }

  async backup(directory: string): Promise<void> {
    await this.database.backup(directory);
  }

  async size(): Promise<{ engine: string; bytes: number; freeBytes: number; log: number }> {
    return { engine: 'duckdb', ...(await this.database.size()) };
  }

  async close(): Promise<void> {
    await this.checkpoint().catch(() => undefined);
    await this.threads.close();
    await this.database.close();
  }
}

function unreadable(directory: string, error: unknown): unknown {
  if (error instanceof StoreError) {
    return error;
  }
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return damageIn(error) === undefined
    ? new StoreError('unavailable', `The data in ${directory} cannot be read by this version of the store: ${reason}.`)
    : damaged(directory, `${directory} is damaged: ${reason}.`);
}
