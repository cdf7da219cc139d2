/** Something that is looked at again and again, and cannot be while certain work is done: then the last look counts. */
export class LastLook<T> {
  private last: T | undefined;
  private working = 0;
  private readonly overtaken = new Set<() => void>();

  constructor(private readonly look: () => Promise<T>) {}

  /** Looks, unless that would have to wait; nobody waits either for a look that such work overtakes. */
  async take(): Promise<T> {
    const { last } = this;
    if (last === undefined) {
      return this.now();
    }
    if (this.working > 0) {
      return last;
    }
    return new Promise<T>((resolve, reject) => {
      const leave = () => resolve(last);
      this.overtaken.add(leave);
      this.now()
        .then(resolve, reject)
        .finally(() => this.overtaken.delete(leave));
    });
  }

  private async now(): Promise<T> {
    this.last = await this.look();
    return this.last;
  }

  /** Does the work that keeps looks waiting. */
  async without(work: () => Promise<unknown>): Promise<void> {
    this.working++;
    for (const leave of this.overtaken) {
      leave();
    }
    try {
      await work();
    } finally {
      this.working--;
    }
  }
}
