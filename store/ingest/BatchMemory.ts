import type { Engine } from '../engine/Engine';
import { BloomFilter, pageCapacity } from './BloomFilter';

/**
 * Milliseconds of the store's running in which a batch id makes a retry harmless: a day, and an hour for good measure.
 */
const BATCH_MEMORY_MS = 25 * 60 * 60 * 1000;

/** Bytes of filters in memory; those of the run that logged longest ago go first, and are read anew when it logs. */
const MOST_BYTES = 128 * 1024 * 1024;

interface BatchOfRun {
  run: string;
  batchId: string;
}

interface Page {
  filter: BloomFilter;
  /** The time of its newest id, by `now`. */
  newest: number;
}

/**
 * The batch ids that each run may have seen. Hundreds of runs that log every second make millions of ids a day, so
 * memory holds filters, and the engine is asked only about an id that passes them. A run's ids are read when it first
 * logs. Used by the writer's queue alone: of two that work on it at one time, one would forget what the other is
 * reading.
 *
 * Its time goes on from the newest stored batch, and only while the store runs. So neither a clock that is set nor a
 * store that was away for long makes an id older than the retries of whoever was waiting for the store.
 */
export class BatchMemory {
  /** The run that logged last is last. */
  private readonly runs = new Map<string, Page[]>();
  private bytes = 0;
  /** The time of the newest batch that was stored before; read when it is first asked for any. */
  private begin: number | undefined;
  private readonly since: number;

  constructor(
    private readonly engine: Engine,
    private readonly steady: () => number,
    private readonly mostBytes: number = MOST_BYTES,
  ) {
    this.since = steady();
  }

  /** Returns the time in milliseconds, as batches are stored with. */
  now(): number {
    return Math.round((this.begin ?? this.since) + this.steady() - this.since);
  }

  /** The number of runs whose ids are in memory. */
  get size(): number {
    return this.runs.size;
  }

  /** Finds what those of some batches that were stored before accepted, by run and id. */
  async find(batches: readonly BatchOfRun[]): Promise<Map<string, Map<string, number>>> {
    await this.open();
    const unread = new Set(batches.map(({ run }) => run).filter((run) => !this.runs.has(run)));
    if (unread.size > 0) {
      await this.load([...unread]);
    }
    for (const { run } of batches) {
      this.set(run, this.runs.get(run) ?? []);
    }
    this.makeRoom(new Set(batches.map(({ run }) => run)));
    const maybe = batches.filter((batch) => this.mayHave(batch));
    return maybe.length > 0 ? this.engine.findBatches(maybe) : new Map();
  }

  /** Tells whether a batch may have come before, as far as that is known without asking the engine. */
  mayHave({ run, batchId }: BatchOfRun): boolean {
    return this.runs.get(run)?.some(({ filter }) => filter.mayHave(batchId)) ?? false;
  }

  private async open(): Promise<void> {
    this.begin ??= (await this.engine.newestBatch()) ?? this.since;
  }

  /** A run that was just made has none. */
  beginRun(run: string): void {
    this.set(run, []);
  }

  private set(run: string, pages: Page[]): void {
    this.delete(run);
    this.runs.set(run, pages);
    this.bytes += bytesOf(pages);
  }

  /** Those that log now stay: their filters are asked next, and added to. */
  private makeRoom(logging: ReadonlySet<string>): void {
    for (const run of this.runs.keys()) {
      if (this.bytes <= this.mostBytes || logging.has(run)) {
        break;
      }
      this.delete(run);
    }
  }

  /** Loads all at once: hundreds of runs may go on in the second after a start. */
  private async load(runs: readonly string[]): Promise<void> {
    const loaded = new Map<string, Page[]>(runs.map((run) => [run, []]));
    await this.engine.batchIds(runs, (run, batchId) => this.addTo(loaded.get(run) ?? [], batchId, false));
    for (const [run, pages] of loaded) {
      this.set(run, pages);
    }
  }

  /** Remembers a batch that is durable. Of a run whose ids were not read it is read with the others. */
  add(run: string, batchId: string): void {
    const pages = this.runs.get(run);
    if (pages) {
      this.addTo(pages, batchId, true);
    }
  }

  private addTo(pages: Page[], batchId: string, isKept: boolean): void {
    let page = pages.at(-1);
    if (!page || page.filter.isFull) {
      page = { filter: new BloomFilter(pageCapacity(pages.length)), newest: 0 };
      pages.push(page);
      this.bytes += isKept ? page.filter.bytes : 0;
    }
    page.filter.add(batchId);
    page.newest = this.now();
  }

  /** Forgets what is too old to be sent again, here and in the engine. */
  async forget(): Promise<void> {
    await this.open();
    const before = this.now() - BATCH_MEMORY_MS;
    await this.engine.forgetBatches(before);
    for (const [run, pages] of this.runs) {
      const kept = pages.filter(({ newest }) => newest >= before);
      this.bytes += bytesOf(kept) - bytesOf(pages);
      // A run without any is remembered as such: to read them anew would keep the next batch waiting.
      this.runs.set(run, kept);
    }
  }

  delete(run: string): void {
    this.bytes -= bytesOf(this.runs.get(run) ?? []);
    this.runs.delete(run);
  }
}

const bytesOf = (pages: readonly Page[]) => pages.reduce((sum, { filter }) => sum + filter.bytes, 0);
