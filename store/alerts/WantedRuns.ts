/** A run whose data is being read or judged. */
export interface Wanted {
  run: string;
  /** False once the run was deleted: nothing that comes of the work is kept. */
  isWanted: boolean;
}

/** The runs that are being worked on: which of them are still wanted. */
export class WantedRuns {
  private readonly all = new Set<Wanted>();

  /** Works on runs' data; each of `wanted` tells whether its run was deleted meanwhile. */
  async during<T>(runs: readonly string[], work: (wanted: readonly Wanted[]) => Promise<T>): Promise<T> {
    const wanted = runs.map((run) => ({ run, isWanted: true }));
    for (const one of wanted) {
      this.all.add(one);
    }
    try {
      return await work(wanted);
    } finally {
      for (const one of wanted) {
        this.all.delete(one);
      }
    }
  }

  /** The run was deleted. */
  forget(run: string): void {
    for (const one of this.all) {
      one.isWanted &&= one.run !== run;
    }
  }
}
