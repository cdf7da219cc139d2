import { LRUCache } from 'lru-cache';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { AdapterSession } from './AdapterSession';
import { Sessions } from './Sessions';

/** Sessions in memory, and bytes of all of them. */
const MOST = 5_000;
const MOST_BYTES = 128 * 1024 * 1024;
/** Ids of clients that are remembered; others are looked for. */
const MOST_IDS = 10_000;

/** Reads what adapters remember of a run, by their keys. */
export type ReadState = (run: string) => Promise<ReadonlyMap<string, string>>;

/** The sessions of an adapter's runs, and how its clients call the runs. */
export class AdapterSessions<Session extends AdapterSession<object>> {
  private readonly sessions = new Sessions<Session>(MOST, MOST_BYTES);
  /** Ids in the store by those that clients know runs by. */
  private readonly ids = new LRUCache<string, string>({ max: MOST_IDS });

  constructor(
    protected readonly runIndex: RunIndex,
    private readonly make: (entry: RunEntry) => Promise<Session>,
  ) {}

  open(entry: RunEntry): Promise<Session> {
    return this.sessions.use(keyOf(entry), () => this.make(entry));
  }

  /** Gives a session for reading alone: a search through many runs must not push out those that are being logged to. */
  async peek(entry: RunEntry): Promise<Session> {
    return this.sessions.peek(keyOf(entry)) ?? this.make(entry);
  }

  /** The run that a client knows by an id of its own. `candidates`: where it is looked for, unless it is remembered. */
  protected known(
    clientId: string,
    isIt: (entry: RunEntry) => boolean,
    candidates: Iterable<RunEntry>,
  ): RunEntry | undefined {
    const known = this.runIndex.get(this.ids.get(clientId) ?? '');
    if (known && isIt(known)) {
      return known;
    }
    for (const entry of candidates) {
      if (isIt(entry)) {
        this.ids.set(clientId, entry.record.id);
        return entry;
      }
    }
    return undefined;
  }
}

/** A run that was deleted and made again is another one, with a state of its own. */
const keyOf = ({ record }: RunEntry) => `${record.key} ${record.id}`;
