/**
 * Small integer keys for names. What a transaction hands out and takes back is known to whoever writes it alone, until
 * it is committed.
 */
export class Dictionary {
  private readonly keys = new Map<string, number>();
  private readonly names = new Map<number, string>();
  private readonly fresh = new Map<string, number>();
  private readonly gone = new Set<string>();
  private next = 1;

  /** Of what is in the database. */
  load(key: number, name: string): void {
    this.keys.set(name, key);
    this.names.set(key, name);
    this.next = Math.max(this.next, key + 1);
  }

  /** The key of a name that is committed. */
  find(name: string): number | undefined {
    return this.keys.get(name);
  }

  nameOf(key: number): string {
    return this.names.get(key) ?? '';
  }

  /** The key of a name for the transaction under way, a new one if need be. */
  keyOf(name: string): number {
    const known = this.fresh.get(name) ?? (this.gone.has(name) ? undefined : this.keys.get(name));
    if (known !== undefined) {
      return known;
    }
    const key = this.next++;
    this.fresh.set(name, key);
    return key;
  }

  /** Takes a name back; the transaction may give it a new key. */
  remove(name: string): void {
    this.gone.add(name);
  }

  /** Names that got keys since the last `settle`. */
  pending(): ReadonlyArray<[name: string, key: number]> {
    return [...this.fresh];
  }

  /** The transaction is over: what was pending is kept, or forgotten. No key is given out twice. */
  settle(committed: boolean): void {
    if (committed) {
      for (const name of this.gone) {
        this.names.delete(this.keys.get(name) ?? -1);
        this.keys.delete(name);
      }
      for (const [name, key] of this.fresh) {
        this.load(key, name);
      }
    }
    this.gone.clear();
    this.fresh.clear();
  }
}
