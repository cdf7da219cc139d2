/**
 * Small integer keys for names. What a transaction hands out and takes back is known to whoever writes it alone, until
 * it is committed.
 */
export class Dictionary {
  /** Keys by name, also those of the transaction under way, from `visible` on: so little is left to do at its end. */
  private readonly keys = new Map<string, number>();
  private readonly names = new Map<number, string>();
  private fresh: Array<[name: string, key: number]> = [];
  /** Names that the transaction took back, with the keys that it has given them since. */
  private readonly gone = new Map<string, number | undefined>();
  private next = 1;
  private visible = 1;

  /** Takes over a name that is in the database. */
  load(key: number, name: string): void {
    this.keys.set(name, key);
    this.names.set(key, name);
    this.next = Math.max(this.next, key + 1);
    this.visible = this.next;
  }

  /** The number of names. */
  get size(): number {
    return this.keys.size;
  }

  /** The key of a name that is committed. */
  find(name: string): number | undefined {
    const key = this.keys.get(name);
    return key !== undefined && key < this.visible ? key : undefined;
  }

  nameOf(key: number): string {
    return key < this.visible ? (this.names.get(key) ?? '') : '';
  }

  /** The key of a name for the transaction under way, a new one if need be. */
  keyOf(name: string): number {
    const isGone = this.gone.has(name);
    const known = isGone ? this.gone.get(name) : this.keys.get(name);
    if (known !== undefined) {
      return known;
    }
    const key = this.next++;
    this.fresh.push([name, key]);
    if (isGone) {
      this.gone.set(name, key);
    } else {
      this.keys.set(name, key);
      this.names.set(key, name);
    }
    return key;
  }

  /** Tells whether the transaction under way is the first that has anything under the name's key. */
  isFresh(name: string): boolean {
    return this.keyOf(name) >= this.visible;
  }

  /** Takes back a name of earlier transactions; this one may give it a new key. */
  remove(name: string): void {
    const isOwn = (this.keys.get(name) ?? 0) >= this.visible;
    if (!isOwn && !this.gone.has(name)) {
      this.gone.set(name, undefined);
    }
  }

  /** Names that got keys since the last `settle`. */
  pending(): ReadonlyArray<[name: string, key: number]> {
    return this.fresh;
  }

  /** The transaction is over: what was pending is kept, or forgotten. No key is given out twice. */
  settle(committed: boolean): void {
    if (committed) {
      for (const [name, key] of this.gone) {
        this.names.delete(this.keys.get(name) ?? -1);
        this.keys.delete(name);
        if (key !== undefined) {
          this.keys.set(name, key);
          this.names.set(key, name);
        }
      }
    } else {
      for (const [name, key] of this.fresh.filter(([one]) => !this.gone.has(one))) {
        this.keys.delete(name);
        this.names.delete(key);
      }
    }
    this.visible = this.next;
    this.gone.clear();
    this.fresh = [];
  }
}
