import type { Access } from '../Access';
import type { PatternThreads } from '../patterns/PatternThreads';
import type { RunIndex } from '../runs/RunIndex';
import { SeenRuns } from '../runs/SeenRuns';

/** Runs that can be chosen by what they are: patterns are looked for in threads. */
export class SelectableRuns extends SeenRuns {
  constructor(
    runIndex: RunIndex,
    access: Access,
    readonly patterns: PatternThreads,
  ) {
    super(runIndex, access);
  }
}
