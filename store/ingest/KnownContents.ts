import { BloomFilter, pageCapacity } from './BloomFilter';

/** Bytes of filters in memory; those of the run that needed another one longest ago go first. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The prompts and responses that the tables of runs may have had. A run logs hundreds of rows a second and hardly ever
 * one again, so memory holds filters, and the engine is asked only about what passes them. There is one for a table
 * that began since the start, and as long as there is room; of any other nothing is known, and it may have had
 * everything.
 */
export class KnownContents {
  /** The filters, by run and table. */
  private readonly runs = new Map<string, Map<string, BloomFilter[]>>();
  private bytes = 0;

  constructor(private readonly mostBytes: number = MOST_BYTES) {}

  mayHave(run: string, table: string, content: string): boolean {
    const pages = this.runs.get(run)?.get(table);
    return !pages || pages.some((page) => page.mayHave(content));
  }

  /** A run's table that has no rows yet. */
  begin(run: string, table: string): void {
    const tables = this.runs.get(run) ?? new Map<string, BloomFilter[]>();
    this.bytes -= bytesOf(tables.get(table) ?? []);
    this.runs.set(run, tables.set(table, []));
  }

  /** Adds a content that is durable by now. */
  add(run: string, table: string, content: string): void {
    const tables = this.runs.get(run);
    const pages = tables?.get(table);
    if (!tables || !pages) {
      return;
    }
    let last = pages.at(-1);
    if (!last || last.isFull) {
      last = new BloomFilter(pageCapacity(pages.length));
      pages.push(last);
      this.bytes += last.bytes;
      this.runs.delete(run);
      this.runs.set(run, tables);
      this.makeRoom();
    }
    last.add(content);
  }

  /** The run that was given a filter last is last. */
  private makeRoom(): void {
    for (const run of this.runs.keys()) {
      if (this.bytes <= this.mostBytes) {
        break;
      }
      this.delete(run);
    }
  }

  delete(run: string): void {
    for (const pages of this.runs.get(run)?.values() ?? []) {
      this.bytes -= bytesOf(pages);
    }
    this.runs.delete(run);
  }
}

const bytesOf = (pages: readonly BloomFilter[]) => pages.reduce((sum, { bytes }) => sum + bytes, 0);
