import { type Access, sees } from '../Access';
import type { Change, Engine, PointsChange } from '../engine/Engine';
import type { TableColumn } from '../engine/TableColumn';
import type { LeftOut } from '../formats/LeftOut';
import type { RunIndex } from '../runs/RunIndex';
import { COLUMN } from '../runs/runSize';
import { Beyond } from './Beyond';
import { Duplicates } from './Duplicates';
import { LoggedSteps } from './LoggedSteps';
import { RunDraft } from './RunDraft';
import { RunGrowth } from './RunGrowth';
import type { Recalled } from './recall';
import { StagedLabels } from './StagedLabels';
import { TableGrowth } from './TableGrowth';

/** One commit while it is put together: nothing of it is remembered until it is durable. */
export class Stage {
  readonly changes: Change[] = [];
  readonly drafts = new Map<string, RunDraft>();
  readonly deleted = new Set<string>();
  /** Batches of this commit, by run and id, with what they accept. */
  readonly batches = new Map<string, Map<string, number>>();
  /** Runs that this commit makes, by the id that their projects know them by. */
  private readonly local = new Map<string, string[]>();
  /** Columns by run, table and name, in their order. */
  private readonly columns = new Map<string, Map<string, Map<string, TableColumn>>>();
  private readonly points = new Map<string, PointsChange[]>();
  private readonly logged = new Map<RunDraft, LoggedSteps>();
  /** Labels of this commit. */
  readonly labels = new StagedLabels();
  /** The duplicates, to be told before the commit. */
  readonly duplicates = new Duplicates();
  readonly growth: RunGrowth;
  private readonly tables = new TableGrowth();
  /** The number of the run that this commit made last, by project. */
  private readonly numbers = new Map<string, number>();

  constructor(
    readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly recalled: Recalled,
  ) {
    this.growth = new RunGrowth(() => runIndex.memory + COLUMN * recalled.columns);
  }

  /** The run as this commit leaves it; undefined when there is none. */
  draft(id: string): RunDraft | undefined {
    const drafted = this.drafts.get(id);
    if (drafted || this.deleted.has(id)) {
      return drafted;
    }
    const entry = this.runIndex.get(id);
    if (!entry) {
      return undefined;
    }
    const draft = new RunDraft(entry, entry.record, entry.heardAt);
    this.drafts.set(id, draft);
    return draft;
  }

  /** The run that the bearer means by an id, as this commit leaves it; undefined where they see none of that id. */
  find(id: string, access: Access): RunDraft | undefined {
    const own = this.called(id).find((one) => {
      const project = this.projectOf(one);
      return project !== undefined && sees(access, project);
    });
    return own === undefined ? undefined : this.draft(own);
  }

  /** The run of a project that goes by an id there, as this commit leaves it. */
  inProject(project: string, id: string): RunDraft | undefined {
    const own = this.called(id).find((one) => this.projectOf(one) === project);
    return own === undefined ? undefined : this.draft(own);
  }

  /** Runs that somebody may mean by an id, the one that has it in the store first. */
  private called(id: string): string[] {
    return [id, ...this.runIndex.called(id).map(({ record }) => record.id), ...(this.local.get(id) ?? [])];
  }

  /** Asking changes nothing. */
  private projectOf(id: string): string | undefined {
    return (this.drafts.get(id) ?? (this.deleted.has(id) ? undefined : this.runIndex.get(id)))?.record.project;
  }

  /** The project of a run that was there before this commit, and still is: not of another that it makes by that id. */
  projectOfStored(id: string): string | undefined {
    return this.deleted.has(id) ? undefined : this.runIndex.get(id)?.record.project;
  }

  /** A run that this commit makes. */
  add(draft: RunDraft): void {
    const { id, localId } = draft.record;
    this.drafts.set(id, draft);
    if (localId !== undefined) {
      this.local.set(localId, [...(this.local.get(localId) ?? []), id]);
    }
  }

  /** Returns the number after the highest in the project, runs that this commit makes among them. */
  nextNumber(project: string): number {
    const number = (this.numbers.get(project) ?? this.runIndex.highestNumber(project)) + 1;
    this.numbers.set(project, number);
    return number;
  }

  /** Tells whether this commit leaves such a run; unlike a draft, asking changes nothing. */
  has(id: string): boolean {
    return this.drafts.has(id) || (!this.deleted.has(id) && this.runIndex.get(id) !== undefined);
  }

  /** See `RunRecord`; asking changes nothing. */
  keyOf(id: string): string | undefined {
    return (this.drafts.get(id) ?? this.runIndex.get(id))?.record.key;
  }

  /** Deletes what is there of the run, and what this commit has for it so far. */
  delete(id: string): void {
    this.drafts.delete(id);
    this.deleted.add(id);
    this.batches.delete(id);
    this.duplicates.forget(id);
    this.points.delete(id);
    this.columns.delete(id);
    this.labels.forget(id);
    this.changes.push({ kind: 'delete', run: id });
  }

  /** Returns what a batch accepted when it came before, in this commit or an earlier one; undefined for a new one. */
  acceptedBefore(run: string, batchId: string): number | undefined {
    const staged = this.batches.get(run)?.get(batchId);
    // A run deleted in this commit takes its batches with it.
    return staged ?? (this.deleted.has(run) ? undefined : this.recalled.batches.get(run)?.get(batchId));
  }

  addBatch(run: string, batchId: string, time: number, accepted: number): void {
    this.changes.push({ kind: 'batch', run, batchId, time, accepted });
    entryOf(this.batches, run).set(batchId, accepted);
  }

  /** Reads columns by name, in their order. A run made anew in this commit has not what the engine has under its id. */
  columnsOf(run: string, table: string): Promise<ReadonlyMap<string, TableColumn>> {
    return this.ownColumns(run, table);
  }

  private async ownColumns(run: string, table: string): Promise<Map<string, TableColumn>> {
    const tables = this.columns.get(run) ?? new Map<string, Map<string, TableColumn>>();
    this.columns.set(run, tables);
    const known = tables.get(table);
    if (known) {
      return known;
    }
    const stored = this.deleted.has(run) ? [] : await this.engine.tableColumns([run], table);
    const own = new Map(stored.map((column) => [column.name, column]));
    tables.set(table, own);
    return own;
  }

  /** Steps that come in this commit and are stored already, of the attempt that was the newest one before it. */
  storedSteps(run: string, metric: string): Iterable<number> {
    return (this.deleted.has(run) ? undefined : this.recalled.steps.get(run)?.get(metric)) ?? [];
  }

  addPoints(change: PointsChange): void {
    this.changes.push(change);
    const points = this.points.get(change.run) ?? [];
    this.points.set(change.run, points);
    points.push(change);
  }

  /** Returns what this commit has of the points of a run as it is now. */
  pointsOf(run: string): readonly PointsChange[] {
    return this.points.get(run) ?? [];
  }

  /** Returns the steps that a run has points at, kept over all calls of the commit. */
  loggedSteps(draft: RunDraft): LoggedSteps {
    const logged = this.logged.get(draft) ?? new LoggedSteps(this, draft);
    this.logged.set(draft, logged);
    return logged;
  }

  /**
   * Throws `Beyond` for more columns, or tables, than there may be; with `leftOut` that is told there, and false: the table
   * is left out.
   */
  async addColumns(run: string, table: string, columns: readonly TableColumn[], leftOut?: LeftOut): Promise<boolean> {
    const known = await this.ownColumns(run, table);
    const fresh = columns.filter(({ name, type }) => known.get(name)?.type !== type);
    if (fresh.length === 0 && known.size > 0) {
      return true;
    }
    const room = await this.engine.tableRoom(run, table);
    try {
      this.tables.add(run, table, known, fresh, room, this.deleted.has(run));
      this.growth.addColumns(new Set(columns.flatMap(({ name }) => (known.has(name) ? [] : name))).size);
    } catch (cause) {
      if (!leftOut || !(cause instanceof Beyond)) {
        throw cause;
      }
      leftOut.add(cause.kind, table);
      return false;
    }
    for (const column of columns) {
      if (!known.has(column.name)) {
        known.set(column.name, column);
      }
    }
    return true;
  }

  /** The commit is durable: the run index learns of it. */
  settle(position: number): void {
    this.runIndex.position = position;
    for (const id of this.deleted) {
      this.runIndex.delete(id, position);
    }
    for (const draft of this.drafts.values()) {
      this.runIndex.set(draft.settle(position));
    }
  }
}

function entryOf<T>(maps: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const inner = maps.get(key) ?? new Map<string, T>();
  maps.set(key, inner);
  return inner;
}
