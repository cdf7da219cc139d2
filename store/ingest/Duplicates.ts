import type { Engine } from '../engine/Engine';
import { rowId } from '../engine/rowId';
import { Turn } from '../Turn';
import type { KnownContents } from './KnownContents';

/** Rows of one entry by content, beside the number of the first, and the cells to be filled in. */
interface AddedRows {
  contents: readonly (string | null)[];
  firstRow: number;
  /** None where the run tells by itself of which row each is a duplicate. */
  cells: (string | null)[] | undefined;
}

/**
 * Tells which rows of a commit have a prompt and a response that their run's table had before. Only what the commit
 * brings is looked for, of all runs at once: a table's own contents may be millions.
 */
export class Duplicates {
  /** The rows that the commit adds, by table and run. */
  private readonly added = new Map<string, Map<string, AddedRows[]>>();
  /** Runs and tables of theirs that had no rows before. */
  private readonly begun: Array<[run: string, table: string]> = [];

  /** `cells` say of which row each is a duplicate; `tell` fills them in. */
  add(run: string, table: string, { contents, firstRow, cells }: AddedRows): void {
    const runs = this.added.get(table) ?? new Map<string, AddedRows[]>();
    this.added.set(table, runs);
    const all = runs.get(run) ?? [];
    runs.set(run, all);
    all.push({ contents, firstRow, cells });
  }

  /** What the commit had of a run goes with the run. */
  forget(run: string): void {
    for (const runs of this.added.values()) {
      runs.delete(run);
    }
  }

  /** `isNew`: what earlier commits had of such a run is no more. */
  async tell(engine: Engine, known: KnownContents, isNew: (run: string) => boolean): Promise<void> {
    for (const [table, runs] of this.added) {
      const wanted = new Map<string, Set<string>>();
      for (const [run, added] of runs) {
        if (isNew(run) || (await engine.tableColumns([run], table)).length === 0) {
          this.begun.push([run, table]);
        } else {
          const maybe = new Set<string>();
          await new Turn().all(contentsOf(added.filter(({ cells }) => cells)), (content) => {
            if (known.mayHave(run, table, content)) {
              maybe.add(content);
            }
          });
          if (maybe.size > 0) {
            wanted.set(run, maybe);
          }
        }
      }
      const found = wanted.size > 0 ? await engine.firstRows(table, wanted) : new Map<string, Map<string, number>>();
      for (const [run, all] of runs) {
        fillIn(engine.storeId, all, found.get(run) ?? new Map());
      }
    }
  }

  /** The commit is durable. */
  async settle(known: KnownContents): Promise<void> {
    const turn = new Turn();
    for (const [run, table] of this.begun) {
      known.begin(run, table);
    }
    for (const [table, runs] of this.added) {
      for (const [run, added] of runs) {
        await turn.all(contentsOf(added), (content) => known.add(run, table, content));
      }
    }
  }
}

const contentsOf = (added: readonly AddedRows[]) =>
  added.flatMap(({ contents }) => contents.filter((content) => content !== null));

function fillIn(storeId: string, added: readonly AddedRows[], first: Map<string, number>): void {
  for (const { contents, firstRow, cells } of added) {
    contents.forEach((content, i) => {
      if (content === null) {
        return;
      }
      const before = first.get(content);
      if (before === undefined) {
        first.set(content, firstRow + i);
      } else if (cells) {
        cells[i] = rowId(storeId, before);
      }
    });
  }
}
