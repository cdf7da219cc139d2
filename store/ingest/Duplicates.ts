import type { Engine } from '../engine/Engine';
import { rowId } from '../engine/rowId';

/** Rows of one entry by content, beside the number of the first, and the cells to be filled in. */
interface AddedRows {
  contents: readonly (string | null)[];
  firstRow: number;
  cells: (string | null)[];
}

/**
 * Tells which rows of a commit have a prompt and a response that their run's table had before. Only what the commit
 * brings is looked for, of all runs at once: a table's own contents may be millions.
 */
export class Duplicates {
  /** By table and run. */
  private readonly added = new Map<string, Map<string, AddedRows[]>>();

  /** The cells that say of which row each is a duplicate; `tell` fills them in. */
  add(run: string, table: string, contents: readonly (string | null)[], firstRow: number): (string | null)[] {
    const cells = new Array<string | null>(contents.length).fill(null);
    const runs = this.added.get(table) ?? new Map<string, AddedRows[]>();
    this.added.set(table, runs);
    const all = runs.get(run) ?? [];
    runs.set(run, all);
    all.push({ contents, firstRow, cells });
    return cells;
  }

  /** What the commit had of a run goes with the run. */
  forget(run: string): void {
    for (const runs of this.added.values()) {
      runs.delete(run);
    }
  }

  /** `isNew`: what earlier commits had of such a run is no more. */
  async tell(engine: Engine, isNew: (run: string) => boolean): Promise<void> {
    for (const [table, runs] of this.added) {
      const wanted = new Map(
        [...runs]
          .filter(([run]) => !isNew(run))
          .map(([run, added]) => [run, new Set(added.flatMap(({ contents }) => contents.filter(isContent)))]),
      );
      const known = await engine.firstRows(table, wanted);
      for (const [run, all] of runs) {
        fillIn(engine.storeId, all, known.get(run) ?? new Map());
      }
    }
  }
}

const isContent = (content: string | null) => content !== null;

function fillIn(storeId: string, added: readonly AddedRows[], first: Map<string, number>): void {
  for (const { contents, firstRow, cells } of added) {
    contents.forEach((content, i) => {
      if (content === null) {
        return;
      }
      const before = first.get(content);
      if (before === undefined) {
        first.set(content, firstRow + i);
      } else {
        cells[i] = rowId(storeId, before);
      }
    });
  }
}
