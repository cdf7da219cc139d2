/** A session that tells the bytes that it takes in memory, roughly. */
interface Weighed {
  readonly bytes: number;
}

interface Kept<S> {
  session: S;
  bytes: number;
}

/**
 * Sessions of an adapter's runs in memory, at the most so many and so many bytes: the one not used for longest goes first,
 * and is read anew when it is needed. Of a run there is never more than one: as long as somebody works with a session
 * that had to go, it is found again.
 */
export class Sessions<S extends Weighed> {
  private readonly kept = new Map<string, Kept<S>>();
  private readonly gone = new Map<string, WeakRef<S>>();
  private readonly opening = new Map<string, Promise<S>>();
  private readonly cleared = new FinalizationRegistry<string>((key) => {
    if (!this.gone.get(key)?.deref()) {
      this.gone.delete(key);
    }
  });
  private bytes = 0;

  constructor(
    private readonly most: number,
    private readonly mostBytes: number,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  /** The session as it is, without counting as a use. */
  peek(key: string): S | undefined {
    return this.kept.get(key)?.session ?? this.gone.get(key)?.deref();
  }

  async use(key: string, read: () => Promise<S>): Promise<S> {
    const known = this.peek(key);
    if (known) {
      return this.keep(key, known);
    }
    const opening =
      this.opening.get(key) ??
      read()
        .then((session) => this.keep(key, session))
        .finally(() => this.opening.delete(key));
    this.opening.set(key, opening);
    return opening;
  }

  private keep(key: string, session: S): S {
    this.bytes += session.bytes - (this.kept.get(key)?.bytes ?? 0);
    this.kept.delete(key);
    this.kept.set(key, { session, bytes: session.bytes });
    for (const [oldest, { session: other, bytes }] of this.kept) {
      if ((this.kept.size <= this.most && this.bytes <= this.mostBytes) || oldest === key) {
        break;
      }
      this.kept.delete(oldest);
      this.bytes -= bytes;
      this.gone.set(oldest, new WeakRef(other));
      this.cleared.register(other, oldest);
    }
    return session;
  }
}
