import type { Asker } from '../Access';
import { withinTime } from '../pacing/withinTime';
import type { PatternThreads } from '../patterns/PatternThreads';
import { type AllRuns, SeenRuns } from '../runs/SeenRuns';

/** Runs that can be chosen by what they are, for somebody who waits for it: patterns are looked for in threads. */
export class SelectableRuns extends SeenRuns {
  constructor(
    runIndex: AllRuns,
    readonly asker: Asker,
    private readonly threads: PatternThreads,
  ) {
    super(runIndex, asker);
  }

  get signal(): AbortSignal | undefined {
    return this.asker.signal;
  }

  /** Chooses within the time that the asker has; see `withinTime`. */
  inTime<T>(work: (seen: SelectableRuns) => Promise<T>): Promise<T> {
    return withinTime(this.asker, (options) =>
      work(new SelectableRuns(this.runIndex, { ...this.asker, ...options }, this.threads)),
    );
  }

  /** Tells in which texts each pattern is found, by pattern. */
  testAll(patterns: readonly string[], texts: readonly string[]): Promise<boolean[][]> {
    return this.threads.testAll(patterns, texts, this.asker);
  }
}
