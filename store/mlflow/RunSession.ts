import type { LogEntry } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import type { LeftOut } from '../formats/LeftOut';
import type { LoggedTableState } from '../formats/readTableFile';
import type { Writing } from '../services';

/** What must be remembered of an MLflow run beside what is stored of it; kept as the adapter's state, with the commit it belongs to. */
export interface RunState {
  /** SHA-256 of the call that created it. */
  created?: string;
  /** All tags, as the client has them. */
  tags: Record<string, string>;
  /** One more than the run had when a client last took it up again. */
  maxAttempts: number;
  /** By artifact path, the latest last: tables that a client may log anew as a whole. */
  tables: Record<string, LoggedTableState>;
}

const STATE_KEY = 'mlflow';

export interface SessionLog {
  entries: LogEntry[];
  state: RunState;
  leftOut?: LeftOut;
  /** The run goes on, though it had ended. */
  reopens?: boolean;
  batchId?: string;
}

/** An MLflow run while its clients log. */
export class RunSession {
  #state: RunState;
  /** Bytes of the state as it is stored. */
  #stateBytes: number;
  /** Kinds of things left out that were told already. */
  readonly told = new Set<string>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    /** The run's id in the store. */
    readonly id: string,
    readonly project: string,
    stored: ReadonlyMap<string, string>,
  ) {
    const empty: RunState = { tags: {}, maxAttempts: 1, tables: {} };
    const text = stored.get(STATE_KEY) ?? '{}';
    this.#state = { ...empty, ...(JSON.parse(text) as Partial<RunState>) };
    this.#stateBytes = text.length;
  }

  get state(): RunState {
    return this.#state;
  }

  /** What it takes in memory, roughly. */
  get bytes(): number {
    return 2_000 + 3 * this.#stateBytes + 300 * this.told.size;
  }

  /** One thing at a time. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Stores what was logged together with the state that it leads to. Called while the session is alone. */
  async log(
    writing: Writing,
    access: Access,
    { entries, state, leftOut, reopens, batchId }: SessionLog,
  ): Promise<void> {
    const text = JSON.stringify(state);
    const request = { entries, ...(batchId !== undefined && { batchId }) };
    await writing.log(this.id, request, access, {
      ...(text !== JSON.stringify(this.state) && { state: new Map([[STATE_KEY, text]]) }),
      ...(leftOut && { leftOut }),
      keepsState: reopens !== true,
      maxAttempts: state.maxAttempts,
    });
    this.#state = state;
    this.#stateBytes = text.length;
    leftOut?.settle();
  }
}
