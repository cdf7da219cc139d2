import type { Engine } from '../engine/Engine';
import { IdFilter } from './IdFilter';

/** How long a batch id makes a retry harmless: a day, and an hour for clocks that differ. */
export const BATCH_MEMORY_MS = 25 * 60 * 60 * 1000;

const SMALLEST = 4_096;
const LARGEST = 262_144;

interface Page {
  filter: IdFilter;
  /** Epoch milliseconds of its newest id. */
  newest: number;
}

/**
 * Which batch ids each run may have seen. Hundreds of runs that log every second make millions of ids a day, so memory
 * holds filters, and the engine is asked only about an id that passes them. A run's ids are read when it first logs.
 */
export class BatchMemory {
  private readonly runs = new Map<string, Page[]>();

  constructor(
    private readonly engine: Engine,
    private readonly now: () => number,
  ) {}

  /** What the batch accepted when it was stored; undefined for one that is new. */
  async accepted(run: string, batchId: string): Promise<number | undefined> {
    const pages = this.runs.get(run) ?? (await this.load(run));
    return pages.some(({ filter }) => filter.mayHave(batchId)) ? this.engine.findBatch(run, batchId) : undefined;
  }

  /** A run that was just made has none. */
  begin(run: string): void {
    this.runs.set(run, []);
  }

  private async load(run: string): Promise<Page[]> {
    const pages: Page[] = [];
    this.runs.set(run, pages);
    for (const batchId of await this.engine.batchIds(run, this.now() - BATCH_MEMORY_MS)) {
      this.add(run, batchId);
    }
    return pages;
  }

  /** Remembers a batch that is durable. */
  add(run: string, batchId: string): void {
    const pages = this.runs.get(run);
    let page = pages?.at(-1);
    if (!page || page.filter.isFull) {
      const capacity = Math.min(LARGEST, SMALLEST * 4 ** (pages?.length ?? 0));
      page = { filter: new IdFilter(capacity), newest: 0 };
      pages?.push(page);
    }
    page.filter.add(batchId);
    page.newest = this.now();
  }

  /** Drops filters all of whose ids are older than `before`. */
  forget(before: number): void {
    for (const [run, pages] of this.runs) {
      const kept = pages.filter(({ newest }) => newest >= before);
      if (kept.length === 0) {
        this.runs.delete(run);
      } else {
        this.runs.set(run, kept);
      }
    }
  }

  delete(run: string): void {
    this.runs.delete(run);
  }
}
