import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Access } from '../Access';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { Sessions } from '../Sessions';
import { MlflowError } from './mlflowError';
import { RunSession } from './RunSession';
import { RUN_ID } from './runFields';

/** Sessions in memory, and bytes of all of them. */
const MOST = 5_000;
const MOST_BYTES = 128 * 1024 * 1024;
/** Ids of runs that are remembered; others are looked for. */
const MOST_IDS = 10_000;

/** Finds MLflow runs in the store: clients know a run by 32 hexadecimal digits, which its config has. */
export class RunSessions {
  private readonly sessions = new Sessions<RunSession>(MOST, MOST_BYTES);
  /** Ids in the store by MLflow's. */
  private readonly ids = new LRUCache<string, string>({ max: MOST_IDS });

  constructor(
    private readonly runIndex: RunIndex,
    private readonly stateOf: (run: string) => Promise<Map<string, string>>,
  ) {}

  static newRunId(): string {
    return randomUUID().replaceAll('-', '');
  }

  /** Throws `RESOURCE_DOES_NOT_EXIST` for a run that is not there, or not of a project that may be written. */
  async require(runId: unknown, access: Access): Promise<{ session: RunSession; entry: RunEntry }> {
    const entry = this.find(runId, access);
    if (!entry) {
      const shown = JSON.stringify(runId)?.slice(0, 100) ?? 'none';
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no run with the id ${shown}.`);
    }
    return { session: await this.open(entry), entry };
  }

  /**
   * Of projects that the client may write to: a run's config may say that it is a run of another team's, and must stand
   * in the way of none.
   */
  find(runId: unknown, access: Access): RunEntry | undefined {
    if (typeof runId !== 'string' || runId === '') {
      return undefined;
    }
    const isIt = (entry: RunEntry | undefined) =>
      entry?.record.config[RUN_ID] === runId && access.writes(entry.record.project);
    const known = this.runIndex.get(this.ids.get(runId) ?? '');
    if (isIt(known)) {
      return known;
    }
    for (const entry of this.runIndex.all()) {
      if (isIt(entry)) {
        this.ids.set(runId, entry.record.id);
        return entry;
      }
    }
    return undefined;
  }

  /** For reading alone: a search through many runs must not push out those that are being logged to. */
  async peek(entry: RunEntry): Promise<RunSession> {
    return this.sessions.peek(keyOf(entry)) ?? this.read(entry);
  }

  open(entry: RunEntry): Promise<RunSession> {
    return this.sessions.use(keyOf(entry), () => this.read(entry));
  }

  private async read({ record: { id, project } }: RunEntry): Promise<RunSession> {
    return new RunSession(id, project, await this.stateOf(id));
  }
}

/** A run that was deleted and made again is another one, with a state of its own. */
const keyOf = ({ record }: RunEntry) => `${record.key} ${record.config[RUN_ID]} ${record.id}`;
