import { randomBytes } from 'node:crypto';
import { diskFull } from '../../disk/diskFull';
import { PatternThreads } from '../../patterns/PatternThreads';
import { StoreError } from '../../StoreError';
import type { Change, Commits, Engine, Kept, LoggedAsk, RunRecord, StorageSize } from '../Engine';
import type { EngineReads } from '../EngineReads';
import type { ReadOptions } from '../ReadOptions';
import { allowTasks, type CompactRoom, compact } from './compact';
import { countAll, countMixed } from './countMixed';
import { Database } from './Database';
import { COMMIT_BYTES, HELD_PART, LAST_BYTES, RESERVE_BYTES, reserveFor } from './DiskRoom';
import { damaged, damageIn } from './damaged';
import { FolderUpkeep, type UpkeptFolder } from './FolderUpkeep';
import { named } from './failure';
import { type Ends, findEnds } from './findEnds';
import { HeldRows } from './HeldRows';
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
import { rollUp } from './rollUp';
import { type SortedChanges, sortChanges } from './sortChanges';
import { CommitFailed, inTransaction } from './transaction';
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

/** Bytes of a log that are worth folding in before a commit is refused for want of room. */
const FOLD_BYTES = 2 ** 20;
/** What folding in takes beside the size of the log. */
const FOLD_BYTES_MORE = 16 * 2 ** 20;
/** Bytes of free blocks that are worth writing the whole file anew. */
const LEAST_RECLAIMED = 16 * 2 ** 20;
/** Milliseconds between two tries to fold in where that seems to want more room than there is. */
const RETRY_MS = 60_000;
/** So much more than is needed is not gone within these milliseconds: commits in that time look at the disk once. */
const PLENTY_BYTES = 4 * 2 ** 30;
const PLENTY_MS = 250;
/** Milliseconds that one go of compacting takes, about. */
const COMPACT_MS = 500;

/** Bytes that the store may write. */
interface DiskRoomLeft {
  /** On the disk, now. */
  disk: number;
  /** That it can let go of for what makes room. */
  held: number;
  /** Bytes of its file that are free to be written again. */
  blocks: number;
  /** Bytes of the file that are in use. */
  live: number;
  log: number;
  /** To be kept, beside the size of the log. */
  reserve: number;
  /** Below that nothing is written to the disk. */
  needed: number;
  isEnough: boolean;
}

/** Storage in one DuckDB file. See `schema.ts` for its tables, `docs/decisions/storage.md` for the reasons. */
export class DuckDbEngine extends DuckDbReads implements Engine, UpkeptFolder {
  declare protected readonly database: Database;
  /** The next one to be reserved. */
  private nextRow: number;
  private readonly held = new HeldRows();
  private readonly folderUpkeep = new FolderUpkeep(this);
  deletedAt = 0;
  /** A look at the storage that is under way. */
  private sizing: Promise<StorageSize> | undefined;
  /** The last commit was refused for want of room. */
  private isFull = false;
  /** Row groups may have been deleted in part since they were last written together. */
  private isLoose = true;
  /** Runs were deleted since the log was last folded in, perhaps by an earlier process: folding it in makes room. */
  private frees = false;
  private triedAt = Number.NEGATIVE_INFINITY;
  /** When there was last plenty of room. */
  private plentyAt = Number.NEGATIVE_INFINITY;

  private constructor(
    database: Database,
    layout: Layout,
    storeId: string,
    private readonly ends: Ends,
  ) {
    const { position } = ends;
    const opening = randomBytes(5).toString('hex');
    super(database, layout, new PatternThreads(2, 1), { storeId, opening, openedAt: position, position });
    this.nextRow = ends.row + 1;
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
      const engine = new DuckDbEngine(database, layout, id, await findEnds(database, layout));
      engine.frees = log > 0;
      return engine;
    } catch (error) {
      await database.close();
      throw unreadable(directory, error);
    }
  }

  upkeep(commits: Commits): Promise<Kept> {
    return this.folderUpkeep.tick(commits);
  }

  get heldBytes(): number {
    return this.held.bytes;
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
    await (isDelete ? this.database.room.makeWay(RESERVE_BYTES) : this.refuseFullDisk());
    const position = this.moment.position + 1;
    const publish = await this.tryCommit(changes, position).catch(async (error: { code?: string }) => {
      // Memory that columns hold since the log was folded in is let go of before a commit is refused for want of it.
      if (error.code !== 'out_of_memory' || this.held.bytes === 0) {
        throw error;
      }
      await this.checkpoint();
      return this.tryCommit(changes, position);
    });
    for (const step of publish) {
      step();
    }
    this.moment.position = position;
    const hasDeletes = changes.some(({ kind }) => kind === 'delete');
    this.isLoose ||= hasDeletes;
    this.frees ||= hasDeletes;
    if (hasDeletes) {
      this.deletedAt = position;
      // It may take all that is held, and makes room: what was tried before tells nothing of it.
      this.triedAt = Number.NEGATIVE_INFINITY;
    }
    await this.database.promise(position);
    return position;
  }

  /** Whole, or not at all. What is to be known of it once it is there is returned, to be published. */
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
      await this.recover(error);
      throw this.database.told(error);
    }
  }

  private settle(committed: boolean): void {
    for (const dictionary of [this.layout.runs, this.layout.metrics, this.layout.tableNames]) {
      dictionary.settle(committed);
    }
  }

  /**
   * Each kind at once: a statement costs a millisecond, and hundreds of runs log in one commit. What is there is changed by
   * one script; all else is appended.
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
      this.held.add(table);
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

  /** New rows are written into the file's free blocks when the log is folded in; until then they are in the log. */
  private async lookForRoom(): Promise<DiskRoomLeft> {
    const { room } = this.database;
    const [disk, { log }, file] = [await room.onDisk(), await this.database.size(), await this.database.blocks()];
    const { total = 0, free = 0, bytes = 0 } = file ?? {};
    const [held, blocks, live] = [room.heldBytes, free * bytes, (total - free) * bytes];
    const reserve = reserveFor(live);
    const needed = Math.max(COMMIT_BYTES, reserve + Math.max(COMMIT_BYTES, log) - held - blocks);
    return { disk, held, blocks, live, log, reserve, needed, isEnough: disk >= needed };
  }

  private async refuseFullDisk(): Promise<void> {
    const now = performance.now();
    if (now - this.plentyAt < PLENTY_MS) {
      return;
    }
    let room = await this.lookForRoom();
    this.plentyAt = room.disk > room.needed + PLENTY_BYTES ? now : Number.NEGATIVE_INFINITY;
    if (!room.isEnough && room.log > FOLD_BYTES) {
      await this.checkpoint().catch(() => undefined);
      room = await this.lookForRoom();
    }
    this.isFull = !room.isEnough;
    if (this.isFull) {
      throw diskFull(room.disk, room.needed);
    }
  }

  async requireRoom(bytes: number): Promise<void> {
    // A file takes what a commit takes, of the same disk: where one is taken, so is the other.
    const room = await this.lookForRoom();
    const needed = room.needed + bytes;
    if (room.disk < needed) {
      throw diskFull(room.disk, needed);
    }
  }

  async keepRoom(): Promise<void> {
    await this.database.room.keep(await this.lookForRoom());
    await this.database.rest();
  }

  get isOpen(): boolean {
    return this.database.trouble === undefined;
  }

  openAgain(): Promise<void> {
    return this.isOpen ? Promise.resolve() : this.database.openAgain();
  }

  /** After a failure that DuckDB cannot go on from, the file is opened again. */
  private async recover(error: unknown): Promise<void> {
    if (error instanceof CommitFailed) {
      await this.database.reopenWithout();
    } else if (/invalidated/i.test(String(error))) {
      await this.database.reopen();
    }
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

  async adapterState(run: string): Promise<Map<string, string>> {
    const key = this.layout.runs.find(run) ?? -1;
    const rows = await this.database.lookUp('SELECT key, value FROM notes WHERE run = ?', [key]);
    const values = rows.at<string>(1);
    return new Map(rows.at<string>(0).map((name, i) => [name, values[i] ?? '']));
  }

  async forgetBatches(before: number): Promise<void> {
    await this.refuseFullDisk();
    const { writer } = this.database;
    await this.write(async () => {
      await writer.run('DELETE FROM batches WHERE time < ?', [BigInt(before)]);
    });
    await this.database.promise();
  }

  checkpoint(): Promise<boolean> {
    return this.database.inUse(() => this.foldIn());
  }

  private async foldIn(): Promise<boolean> {
    const room = await this.lookForRoom();
    const kept = this.frees ? 0 : Math.min(LAST_BYTES, room.held);
    const isTight = room.disk + room.held - kept + room.blocks < room.log + FOLD_BYTES_MORE;
    if (isTight && (room.log === 0 || performance.now() - this.triedAt < RETRY_MS)) {
      return false;
    }
    this.triedAt = isTight ? performance.now() : this.triedAt;
    // Row groups that were deleted in part are written together, all in one go, where there is room for all.
    const isCareful = room.disk + room.blocks < room.live + room.log + room.reserve;
    const { writer } = this.database;
    try {
      await this.database.room.makeWay(room.log + FOLD_BYTES_MORE - room.blocks, kept);
      await allowTasks(writer, isCareful ? 0 : undefined);
      // It only makes reads faster, and takes room.
      const isBehind = room.isEnough && (await rollUp(writer, this.layout));
      await this.database.promise();
      await this.database.checkpoint();
      this.held.clear();
      const isLoose = this.isLoose && isCareful;
      // It is not tried again for nothing, should it fail.
      this.isLoose = false;
      this.isLoose = isLoose && (await this.compact());
      this.frees = this.isLoose;
      return isBehind || this.isLoose;
    } catch (error) {
      await this.recover(error);
      throw this.database.told(error);
    }
  }

  /**
   * Writes row groups together, a few at a time. True while that makes room. What it takes from the disk comes back as free
   * blocks of the file, into which no log is written; so something is left, of what is held, too, if need be.
   */
  private async compact(): Promise<boolean> {
    const end = performance.now() + COMPACT_MS;
    const { writer, room } = this.database;
    const all = ({ disk, held, blocks }: DiskRoomLeft) => disk + held + blocks;
    const before = await this.lookForRoom();
    const kept = before.reserve * HELD_PART + 2 * COMMIT_BYTES;
    for (let now = before; ; now = await this.lookForRoom()) {
      const last = this.frees ? 0 : Math.min(LAST_BYTES, now.held);
      const space: CompactRoom = {
        bytes: now.blocks + Math.max(0, now.disk + now.held - kept),
        atWorst: all(now) - COMMIT_BYTES - last,
        makeWay: () => room.makeWay(Number.POSITIVE_INFINITY, last),
      };
      if (!(await compact(writer, space, () => this.database.checkpoint()))) {
        return false;
      }
      if (performance.now() > end) {
        return all(await this.lookForRoom()) > all(before);
      }
    }
  }

  /** Gives back disk when most of the file is free blocks; call it between commits. True when it did. */
  async reclaim(): Promise<boolean> {
    const { disk, blocks, live, reserve } = await this.lookForRoom();
    if (blocks < live || blocks < LEAST_RECLAIMED || disk < live + reserve) {
      return false;
    }
    try {
      await allowTasks(this.database.writer);
      await this.database.rewrite();
    } catch (error) {
      await this.recover(error);
      throw this.database.told(error);
    }
    return true;
  }

  async backup(directory: string, files = { bytes: 0, copy: async () => {} }): Promise<void> {
    await this.database.backup(directory, files);
  }

  /** Looked at once for all who ask meanwhile: anybody may, and commits wait behind the look. */
  size(): Promise<StorageSize> {
    this.sizing ??= this.lookAtSize().finally(() => {
      this.sizing = undefined;
    });
    return this.sizing;
  }

  private async lookAtSize(): Promise<StorageSize> {
    const trouble = await this.lookForTrouble();
    return { engine: 'duckdb', ...(await this.database.size()), ...(trouble && { trouble: trouble.message }) };
  }

  private async lookForTrouble(): Promise<Error | undefined> {
    try {
      const { isEnough, disk, needed } = await this.lookForRoom();
      this.isFull &&= !isEnough;
      const full = this.isFull ? diskFull(disk, needed) : undefined;
      return this.database.trouble ?? full ?? this.database.damage;
    } catch (error) {
      // The file is being closed, or was just now; whoever asks how it is gets to know that, too.
      return this.database.trouble ?? (error instanceof Error ? error : new Error(String(error)));
    }
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
