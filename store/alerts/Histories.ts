import type { RunWatch } from './RunWatch';

/** Judgements of ended runs that are remembered. */
const MOST_REMEMBERED = 200_000;
/** Judgements that a run counts for besides its own. */
const RUN_SIZE = 100;

/** Ended runs that somebody asked of, the latest asked for longest. */
export class Histories {
  private readonly known = new Map<string, RunWatch>();

  get(run: string): RunWatch | undefined {
    return this.known.get(run);
  }

  delete(run: string): void {
    this.known.delete(run);
  }

  remember(id: string, watch: RunWatch): void {
    this.known.set(id, watch);
    let judgements = 0;
    for (const [run, { size }] of [...this.known].reverse()) {
      judgements += size + RUN_SIZE;
      if (judgements > MOST_REMEMBERED) {
        this.known.delete(run);
      }
    }
  }
}
