/**
 * Small integer keys for names. New keys are handed out while a transaction is prepared, and forgotten again when it
 * fails.
 */
export class Dictionary {
  private readonly keys = new Map<string, number>();
  private readonly names = new Map<number, string>();
  private fresh: Array<[key: number, name: string]> = [];
  private next = 1;

  /** Of what is in the database. */
  load(key: number, name: string): void {
    this.keys.set(name, key);
    this.names.set(key, name);
    this.next = Math.max(this.next, key + 1);
  }

  find(name: string): number | undefined {
    return this.keys.get(name);
  }

  nameOf(key: number): string {
    return this.names.get(key) ?? '';
  }

  /** The key of a name, a new one if need be. */
  keyOf(name: string): number {
    const known = this.keys.get(name);
    if (known !== undefined) {
      return known;
    }
    const key = this.next;
    this.load(key, name);
    this.fresh.push([key, name]);
    return key;
  }

  remove(name: string): void {
    const key = this.keys.get(name);
    if (key !== undefined) {
      this.keys.delete(name);
      this.names.delete(key);
    }
  }

  /** Keys handed out since the last `settle`. */
  pending(): ReadonlyArray<[key: number, name: string]> {
    return this.fresh;
  }

  /** The transaction is over: what was pending is kept, or forgotten. */
  settle(committed: boolean): void {
    if (!committed) {
      for (const [key, name] of this.fresh) {
        this.names.delete(key);
        // The name may have its former key again: a run that was deleted and made anew in what failed.
        if (this.keys.get(name) === key) {
          this.keys.delete(name);
        }
      }
    }
    this.fresh = [];
  }
}
