import type { Change, Engine, PointsChange, TableColumn } from '../engine/Engine';
import type { RunBook } from '../runs/RunBook';
import { Duplicates } from './Duplicates';
import { RunDraft } from './RunDraft';

/** One commit while it is put together: nothing of it is remembered until it is durable. */
export class Stage {
  readonly changes: Change[] = [];
  readonly drafts = new Map<string, RunDraft>();
  readonly deleted = new Set<string>();
  /** By run that this commit deletes: how many changes there were by then. */
  private readonly deletedAt = new Map<string, number>();
  /** Batches of this commit, by run and id, with what they accept. */
  readonly batches = new Map<string, Map<string, number>>();
  /** By run and table. */
  private readonly columns = new Map<string, Map<string, readonly TableColumn[]>>();
  /** To be told before the commit. */
  readonly duplicates = new Duplicates();
  private nextRow: number;

  constructor(
    readonly engine: Engine,
    private readonly book: RunBook,
  ) {
    this.nextRow = engine.nextRow;
  }

  /** The run as this commit leaves it; undefined when there is none. */
  draft(id: string): RunDraft | undefined {
    const drafted = this.drafts.get(id);
    if (drafted || this.deleted.has(id)) {
      return drafted;
    }
    const entry = this.book.get(id);
    if (!entry) {
      return undefined;
    }
    const draft = new RunDraft(entry, entry.record, entry.heardAt);
    this.drafts.set(id, draft);
    return draft;
  }

  /** Whether this commit leaves such a run; unlike a draft, asking changes nothing. */
  has(id: string): boolean {
    return this.drafts.has(id) || (!this.deleted.has(id) && this.book.get(id) !== undefined);
  }

  /** What is there of the run goes, and what this commit has for it so far. */
  delete(id: string): void {
    this.drafts.delete(id);
    this.deleted.add(id);
    this.batches.delete(id);
    this.duplicates.forget(id);
    this.columns.delete(id);
    this.changes.push({ kind: 'delete', run: id });
    this.deletedAt.set(id, this.changes.length);
  }

  addBatch(run: string, batchId: string, time: number, accepted: number): void {
    this.changes.push({ kind: 'batch', run, batchId, time, accepted });
    entryOf(this.batches, run).set(batchId, accepted);
  }

  takeRows(count: number): number {
    const first = this.nextRow;
    this.nextRow += count;
    return first;
  }

  /** What a run made anew in this commit has is not what the engine still has under its id. */
  columnsOf(run: string, table: string): readonly TableColumn[] {
    const stored = () => (this.deleted.has(run) ? [] : this.engine.tableColumns([run], table));
    return this.columns.get(run)?.get(table) ?? stored();
  }

  /** Steps of an attempt that are stored, within inclusive bounds. */
  async storedSteps(run: string, attempt: number, metric: string, from: number, to: number): Promise<number[]> {
    return this.deleted.has(run) ? [] : this.engine.loggedSteps(run, attempt, metric, from, to);
  }

  /** What this commit has of the points of a run as it is now. */
  pointsOf(run: string): PointsChange[] {
    return this.changes
      .slice(this.deletedAt.get(run) ?? 0)
      .filter((change): change is PointsChange => change.kind === 'points' && change.run === run);
  }

  noteColumns(run: string, table: string, columns: TableColumn[]): void {
    const before = this.columnsOf(run, table);
    const fresh = columns.filter(({ name }) => !before.some((column) => column.name === name));
    entryOf(this.columns, run).set(table, [...before, ...fresh]);
  }

  /** The commit is durable: the book learns of it. */
  settle(position: number): void {
    for (const id of this.deleted) {
      this.book.delete(id, position);
    }
    for (const draft of this.drafts.values()) {
      this.book.set(draft.settle(position));
    }
  }
}

function entryOf<T>(maps: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const inner = maps.get(key) ?? new Map<string, T>();
  maps.set(key, inner);
  return inner;
}
