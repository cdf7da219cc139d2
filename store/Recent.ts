/** Values by key, at the most so many: the one not used for longest goes first. */
export class Recent<V extends object> {
  private readonly values = new Map<string, V>();

  constructor(private readonly most: number) {}

  /** The value as it is, without counting as a use. */
  peek(key: string): V | undefined {
    return this.values.get(key);
  }

  /** The value, made where there is none. */
  use(key: string, make: () => V): V {
    const value = this.values.get(key) ?? make();
    this.values.delete(key);
    this.values.set(key, value);
    const [oldest] = this.values.keys();
    if (this.values.size > this.most && oldest !== undefined) {
      this.values.delete(oldest);
    }
    return value;
  }

  delete(key: string): void {
    this.values.delete(key);
  }
}
