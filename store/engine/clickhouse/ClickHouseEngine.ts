import type { Change, Commits, Engine, Kept, LoggedAsk, RunRecord, StorageSize } from '../Engine';
import type { EngineReads } from '../EngineReads';
import type { ReadOptions } from '../ReadOptions';
import { sortChanges } from '../sortChanges';
import type { Catalogue, OpenedCommit } from './catalogue/Catalogue';
import { migrate } from './migrate';
import { ClickHouseReads } from './read/ClickHouseReads';
import { readFirstRows, readLoggedSteps } from './read/lookUps';
import { readRowsAtSteps } from './read/rowsAtSteps';
import { removeRuns } from './removeRuns';
import { Server } from './Server';
import { checkChanges, pointLines, rowLines } from './write';

/**
 * Storage in ClickHouse, which has the points, rows and texts, beside PostgreSQL, which has all that needs order and
 * transactions. See `schema.ts` and `catalogue/` for what is where, `docs/decisions/engine.md` for the reasons.
 */
export class ClickHouseEngine extends ClickHouseReads implements Engine {
  /** A removal of what deleted runs left that is under way. */
  private removing: Promise<void> | undefined;

  /** Opens the store of a database in ClickHouse and a catalogue; makes its tables, and brings older ones up to date. */
  static async open(url: string, catalogue: Catalogue): Promise<ClickHouseEngine> {
    const server = await Server.connect(url);
    try {
      await migrate(server);
      // The catalogue may have been restored from an older copy than this.
      const ends = await server.read(
        `SELECT greatest((SELECT max(position) FROM points), (SELECT max(position) FROM rows)), (SELECT max(row) FROM rows)`,
      );
      await catalogue.skipPositions(ends.first<number>(0) ?? 0);
      await catalogue.skipRows(ends.first<number>(1) ?? 0);
      return new ClickHouseEngine(server, catalogue);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  readsFor(options: ReadOptions): EngineReads {
    return new ClickHouseReads(this.server.readsFor(options), this.catalogue);
  }

  async commit(changes: Change[]): Promise<number> {
    const sorted = sortChanges(changes);
    checkChanges(sorted.points, sorted.rows);
    const commit = await this.catalogue.open(sorted);
    try {
      await this.write(commit, sorted);
    } catch (error) {
      // Left open it would hold the horizon, until somebody takes it for dead.
      await this.catalogue.abandon(commit).catch(() => undefined);
      throw error;
    }
    await this.catalogue.publish(commit, sorted);
    return commit.position;
  }

  /** Nobody sees it before its commit is published. What is sent twice is there once. */
  private async write(
    { position, keys }: OpenedCommit,
    { points, rows }: ReturnType<typeof sortChanges>,
  ): Promise<void> {
    await Promise.all([
      pointLines(points, keys, position).then((lines) => this.server.insert('points', `${position}-points`, lines)),
      rowLines(rows, keys, position).then((lines) => this.server.insert('rows', `${position}-rows`, lines)),
    ]);
  }

  loadRuns(): Promise<RunRecord[]> {
    return this.catalogue.loadRuns();
  }

  reserveRows(count: number): Promise<number> {
    return this.catalogue.reserveRows(count);
  }

  newestBatch(): Promise<number | undefined> {
    return this.catalogue.newestBatch();
  }

  /** The server has its own cache. */
  async readAhead(_runs: readonly string[]): Promise<void> {}

  batchIds(runs: readonly string[], take: (run: string, batchId: string) => void): Promise<void> {
    return this.catalogue.batchIds(runs, take);
  }

  findBatches(batches: ReadonlyArray<{ run: string; batchId: string }>) {
    return this.catalogue.findBatches(batches);
  }

  loggedSteps(asked: readonly LoggedAsk[]) {
    return readLoggedSteps(this, asked);
  }

  firstRows(table: string, contents: ReadonlyMap<string, ReadonlySet<string>>) {
    return readFirstRows(this, table, contents);
  }

  rowsAtSteps(table: string, asked: ReadonlyMap<string, readonly number[]>, columns: readonly string[], most: number) {
    return readRowsAtSteps(this, { table, asked, columns, most });
  }

  adapterState(run: string): Promise<Map<string, string>> {
    return this.catalogue.adapterState(run);
  }

  forgetBatches(before: number): Promise<void> {
    return this.catalogue.forgetBatches(before);
  }

  /** Removes what deleted runs left, beside commits: nobody sees it any more. */
  async upkeep(_commits: Commits): Promise<Kept> {
    this.removing ??= removeRuns(this).finally(() => {
      this.removing = undefined;
    });
    await this.removing;
    return { isOpen: true, isFolded: false };
  }

  get replaced(): Promise<void> {
    return this.catalogue.replaced;
  }

  async size(): Promise<StorageSize> {
    const [parts, disks, catalogue] = await Promise.all([
      this.server.read('SELECT sum(bytes_on_disk) FROM system.parts WHERE database = currentDatabase() AND active'),
      this.server.read('SELECT min(free_space) FROM system.disks'),
      this.catalogue.bytes(),
    ]);
    const bytes = (parts.first<number>(0) ?? 0) + catalogue;
    const trouble = this.catalogue.trouble();
    return { engine: 'clickhouse', bytes, log: 0, freeBytes: disks.first<number>(0) ?? 0, ...(trouble && { trouble }) };
  }

  async close(): Promise<void> {
    await this.removing?.catch(() => undefined);
    await this.catalogue.close();
    await this.server.close();
  }
}
