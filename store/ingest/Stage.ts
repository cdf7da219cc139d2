import type { Change, Engine, TableColumn } from '../engine/Engine';
import type { RunBook } from '../runs/RunBook';
import type { FirstRows } from './FirstRows';
import { RunDraft } from './RunDraft';

/** One commit while it is put together: nothing of it is remembered until it is durable. */
export class Stage {
  readonly changes: Change[] = [];
  readonly drafts = new Map<string, RunDraft>();
  readonly deleted = new Set<string>();
  /** Batches of this commit, by run and id, with what they accept. */
  readonly batches = new Map<string, number>();
  private readonly columns = new Map<string, TableColumn[]>();
  private readonly contents = new Map<string, Overlay>();
  private nextRow: number;

  constructor(
    readonly engine: Engine,
    private readonly book: RunBook,
    private readonly known: FirstRows,
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
    const draft = new RunDraft(entry, entry.record);
    this.drafts.set(id, draft);
    return draft;
  }

  takeRows(count: number): number {
    const first = this.nextRow;
    this.nextRow += count;
    return first;
  }

  columnsOf(run: string, table: string): readonly TableColumn[] {
    return this.columns.get(JSON.stringify([run, table])) ?? this.engine.tableColumns([run], table);
  }

  noteColumns(run: string, table: string, columns: TableColumn[]): void {
    const before = this.columnsOf(run, table);
    const fresh = columns.filter(({ name }) => !before.some((column) => column.name === name));
    this.columns.set(JSON.stringify([run, table]), [...before, ...fresh]);
  }

  /** Rows by content, those of this commit included; what is added becomes known when the commit settles. */
  async firstRows(run: string, table: string): Promise<Map<string, number>> {
    const key = JSON.stringify([run, table]);
    let overlay = this.contents.get(key);
    if (!overlay) {
      overlay = new Overlay(await this.known.of(this.engine, run, table));
      this.contents.set(key, overlay);
    }
    return overlay;
  }

  /** The commit is durable: the book learns of it. */
  settle(position: number): void {
    for (const id of this.deleted) {
      this.book.delete(id, position);
      this.known.forget(id);
    }
    for (const draft of this.drafts.values()) {
      this.book.set(draft.settle(position));
    }
    for (const overlay of this.contents.values()) {
      overlay.settle();
    }
  }
}

/** Additions over a map that stays as it is until they are settled. */
class Overlay extends Map<string, number> {
  constructor(private readonly base: Map<string, number>) {
    super();
  }

  override get(key: string): number | undefined {
    return super.get(key) ?? this.base.get(key);
  }

  settle(): void {
    for (const [key, row] of this) {
      this.base.set(key, row);
    }
  }
}
