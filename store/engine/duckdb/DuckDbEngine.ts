import { randomBytes } from 'node:crypto';
import { PatternThreads } from '../../patterns/PatternThreads';
import { StoreError } from '../../StoreError';
import type { Change, Commits, Engine, Kept, LoggedAsk, RunRecord, StorageSize } from '../Engine';
import type { EngineReads } from '../EngineReads';
import type { ReadOptions } from '../ReadOptions';
import { type SortedChanges, sortChanges } from '../sortChanges';
import { countAll, countMixed } from './countMixed';
import { Database } from './Database';
import { RESERVE_BYTES } from './DiskRoom';
import { damaged, damageIn } from './damaged';
import { FolderUpkeep, type UpkeptFolder } from './FolderUpkeep';
import { Folding } from './Folding';
import { named } from './failure';
import { type Ends, findEnds } from './findEnds';
import type { Layout } from './Layout';
import { writeLabelledRows, writeLabels } from './labels';
import { loadLayout } from './loadLayout';
import { migrate } from './migrate';
import { adoptionSql, deletionSql, forgetRuns } from './moveRows';
import type { OpenOptions } from './openFile';
import { type Placed, type Publish, placeColumns, writePlaced } from './placeColumns';
import { findBatches, readBatchIds } from './read/batches';
import { DuckDbReads } from './read/DuckDbReads';
import { contentsSql, readFirstRows } from './read/firstRows';
import { readLoggedSteps } from './read/loggedSteps';
import { readRowsAtSteps } from './read/rowsAtSteps';
import { inTransaction } from './transaction';
import {
  replacementSql,
  writeAdapterState,
  writeBatches,
  writeEvents,
  writeNames,
  writeRecords,
} from './writeAttributes';
import { writePoints } from './writePoints';
import { writeRows } from './writeRows';

/** Storage in one DuckDB file. See `schema.ts` for its tables, `docs/decisions/storage.md` for the reasons. */
export class DuckDbEngine extends DuckDbReads implements Engine, UpkeptFolder {
  declare protected readonly database: Database;
  /** The next one to be reserved. */
  private nextRow: number;
  private readonly folding: Folding;
  private readonly folderUpkeep = new FolderUpkeep(this);
  deletedAt = 0;
  /** A look at the storage that is under way. */
  private sizing: Promise<StorageSize> | undefined;
  private constructor(
    database: Database,
    layout: Layout,
    storeId: string,
    private readonly ends: Ends,
    hasLog: boolean,
  ) {
    const { position } = ends;
    const opening = randomBytes(5).toString('hex');
    super(database, layout, new PatternThreads(2, 1), { storeId, opening, openedAt: position, position });
    this.nextRow = ends.row + 1;
    this.folding = new Folding(database, layout, hasLog);
  }

  /** Opens the store in a directory, creates it where there is none, and brings an older one up to date. */
  static async open(directory: string, options: Partial<OpenOptions> = {}): Promise<DuckDbEngine> {
    const database = await Database.open(directory, options);
    try {
      const { log } = await database.size();
      await migrate(database.writer);
      const layout = await loadLayout(database);
      await countAll(database.writer, layout);
      const id = (await database.lookUp('SELECT id FROM store')).at<string>(0)[0] ?? '';
      return new DuckDbEngine(database, layout, id, await findEnds(database, layout), log > 0);
    } catch (error) {
      await database.close();
      throw unreadable(directory, error);
    }
  }

  upkeep(commits: Commits): Promise<Kept> {
    return this.folderUpkeep.tick(commits);
  }

  get heldBytes(): number {
    return this.folding.held.bytes;
  }

  readsFor(options: ReadOptions): EngineReads {
    return new DuckDbReads(this.database.readsFor(options), this.layout, this.threads, this.moment);
  }

  async reserveRows(count: number): Promise<number> {
    const first = this.nextRow;
    this.nextRow += count;
    return first;
  }

  async newestBatch(): Promise<number | undefined> {
    return this.ends.newestBatch;
  }

  commit(changes: Change[]): Promise<number> {
    return this.database.inUse(() => this.commitAll(changes));
  }

  private async commitAll(changes: Change[]): Promise<number> {
    const isDelete = changes.every(({ kind }) => kind === 'delete');
    await (isDelete ? this.database.room.makeWay(RESERVE_BYTES) : this.folding.room.refuseFull());
    const position = this.moment.position + 1;
    const publish = await this.tryCommit(changes, position).catch(async (error: { code?: string }) => {
      // Memory that columns hold since the log was folded in is let go of before a commit is refused for want of it.
      if (error.code !== 'out_of_memory' || this.folding.held.bytes === 0) {
        throw error;
      }
      await this.checkpoint();
      return this.tryCommit(changes, position);
    });
    for (const step of publish) {
      step();
    }
    this.moment.position = position;
    if (changes.some(({ kind }) => kind === 'delete')) {
      this.deletedAt = position;
      this.folding.noteDelete();
    }
    await this.database.promise(position);
    return position;
  }

  /** Commits whole, or not at all. What is to be known of it once it is there is returned, to be published. */
  private async tryCommit(changes: Change[], position: number): Promise<Publish[]> {
    const publish: Publish[] = [];
    try {
      await this.apply(changes, position, publish);
    } catch (error) {
      this.settle(false);
      throw error;
    }
    this.settle(true);
    return publish;
  }

  private async write(work: () => Promise<unknown>, script?: string): Promise<void> {
    try {
      await inTransaction(this.database.writer, work, script);
    } catch (error) {
      await this.database.goOnAfter(error);
      throw this.database.told(error);
    }
  }

  private settle(committed: boolean): void {
    for (const dictionary of [this.layout.runs, this.layout.metrics, this.layout.tableNames]) {
      dictionary.settle(committed);
    }
  }

  /**
   * Writes each kind at once: a statement costs a millisecond, and hundreds of runs log in one commit. What is there is
   * changed by one script; all else is appended.
   */
  private async apply(changes: Change[], position: number, publish: Publish[]): Promise<void> {
    const { layout } = this;
    const sorted = sortChanges(changes);
    const deleted = forgetRuns(layout, sorted.deleted, publish);
    const placed = placeColumns(layout, sorted.rows, publish);
    const hasLines =
      sorted.points.some(({ values }) => values.length > 0) || sorted.rows.some(({ times }) => times.length > 0);
    const script = [
      placed.ddl,
      deletionSql(deleted, position, this.nextRow - 1),
      adoptionSql(layout, sorted.adoptions),
      replacementSql(layout, sorted.records),
      hasLines || deleted.keys.length > 0 ? '' : `UPDATE ends SET position = ${position};`,
    ].join('\n');
    await this.write(() => this.append(sorted, placed, position, publish), script);
  }

  private async append(sorted: SortedChanges, placed: Placed, position: number, publish: Publish[]): Promise<void> {
    const { layout } = this;
    const { writer } = this.database;
    await writePlaced(writer, placed);
    for (const table of placed.tables) {
      this.folding.held.add(table);
      await writeRows(writer, table, position);
    }
    await countMixed(writer, placed.tables, publish);
    await writePoints(writer, layout, sorted.points, position);
    await writeEvents(writer, layout, sorted.events);
    await writeBatches(writer, layout, sorted.batches);
    await writeAdapterState(writer, layout, sorted.adapterState);
    await writeLabelledRows(writer, layout, placed.tables);
    await writeLabels(writer, layout, sorted.labels, position, publish);
    await writeRecords(writer, layout, sorted.records);
    await writeNames(writer, layout);
  }

  get isOpen(): boolean {
    return this.database.trouble === undefined;
  }

  openAgain(): Promise<void> {
    return this.isOpen ? Promise.resolve() : this.database.openAgain();
  }

  async loadRuns(): Promise<RunRecord[]> {
    const rows = await this.database.lookUp('SELECT record FROM runs ORDER BY run');
    return rows.at<string>(0).map((record) => JSON.parse(record) as RunRecord);
  }

  async readAhead(runs: readonly string[]): Promise<void> {
    for (const sql of contentsSql(this.layout, runs)) {
      await this.database.read(sql);
    }
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

  rowsAtSteps(table: string, asked: ReadonlyMap<string, readonly number[]>, columns: readonly string[], most: number) {
    return named(readRowsAtSteps(this.database.writer, this.layout, { table, asked, columns, most }));
  }

  async adapterState(run: string): Promise<Map<string, string>> {
    const key = this.layout.runs.find(run) ?? -1;
    const rows = await this.database.lookUp('SELECT key, value FROM notes WHERE run = ?', [key]);
    const values = rows.at<string>(1);
    return new Map(rows.at<string>(0).map((name, i) => [name, values[i] ?? '']));
  }

  async forgetBatches(before: number): Promise<void> {
    await this.folding.room.refuseFull();
    const { writer } = this.database;
    await this.write(async () => {
      await writer.run('DELETE FROM batches WHERE time < ?', [BigInt(before)]);
    });
    await this.database.promise();
  }

  checkpoint(): Promise<boolean> {
    return this.database.inUse(() => this.folding.foldIn());
  }

  reclaim(): Promise<boolean> {
    return this.folding.reclaim();
  }

  requireRoom(bytes: number): Promise<void> {
    return this.folding.room.require(bytes);
  }

  async keepRoom(): Promise<void> {
    await this.folding.room.keep();
    await this.database.rest();
  }

  async backup(directory: string, files = { bytes: 0, copy: async () => {} }): Promise<void> {
    await this.database.backup(directory, files);
  }

  /** Looks once for all who ask meanwhile: anybody may, and commits wait behind the look. */
  size(): Promise<StorageSize> {
    this.sizing ??= this.lookAtSize().finally(() => {
      this.sizing = undefined;
    });
    return this.sizing;
  }

  private async lookAtSize(): Promise<StorageSize> {
    const trouble = await this.folding.room.trouble();
    return { engine: 'duckdb', ...(await this.database.size()), ...(trouble && { trouble: trouble.message }) };
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
