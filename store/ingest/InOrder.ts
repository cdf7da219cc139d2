/** Calls that are made ready beside each other, some in no time and some in many turns, and go on as they came. */
export class InOrder {
  /** The end of the last call that came, by key. */
  private readonly last = new Map<string, Promise<void>>();

  /**
   * Calls `goOn` with what is `ready`, after all calls of that key that came before; gives what that gives. At once, where
   * it is ready and none of these is left.
   */
  async go<T, R>(key: string, ready: T | Promise<T>, goOn: (value: T) => Promise<R>): Promise<R> {
    const before = this.last.get(key);
    if (!(before || ready instanceof Promise)) {
      return goOn(ready);
    }
    // Whoever waits for the one before it hears of this failure later.
    Promise.resolve(ready).catch(() => undefined);
    const gone = (async () => {
      await before;
      // Wrapped, since the next one waits for the going on and not for its end.
      return { result: goOn(await ready) };
    })();
    const over = gone.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(key, over);
    try {
      return await (await gone).result;
    } finally {
      if (this.last.get(key) === over) {
        this.last.delete(key);
      }
    }
  }
}
