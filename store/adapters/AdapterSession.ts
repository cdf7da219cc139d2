import type { LogEntry } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import type { RunRecord } from '../engine/Engine';
import { LeftOut } from '../formats/LeftOut';
import type { LogExtras, Writing } from '../services';

/** A kind of adapter state: JSON that is kept of a run under `key` beside it, with the commit it belongs to. */
export interface StateKind<State> {
  key: string;
  empty(): State;
}

/** A log call to be committed whole: entries, and the state that they lead to, by default the one that there is. */
export interface SessionLog<State> extends Omit<LogExtras, 'state'> {
  entries: LogEntry[];
  state?: State;
  batchId?: string;
}

/** A run while clients of another tool log to it: its state, and what need not outlive the process. */
export class AdapterSession<State extends object> {
  #state: State;
  /** Bytes of the state as it is stored. */
  #stateBytes: number;
  /** Kinds of things left out that were told already. */
  readonly #told = new Set<string>();
  private queue: Promise<unknown> = Promise.resolve();
  /** The run's id in the store. */
  readonly id: string;
  readonly project: string;
  /** The run's own key; runs of before the store gave them have none. */
  readonly key: string | undefined;

  /** `stored`: what adapters remember of the run, by their keys. What an earlier version stored may lack fields. */
  constructor(
    { id, project, key }: Pick<RunRecord, 'id' | 'project' | 'key'>,
    private readonly kind: StateKind<State>,
    stored: ReadonlyMap<string, string>,
  ) {
    this.id = id;
    this.project = project;
    this.key = key;
    const text = stored.get(kind.key);
    this.#state = { ...kind.empty(), ...(text !== undefined && (JSON.parse(text) as Partial<State>)) };
    this.#stateBytes = text?.length ?? 0;
  }

  get state(): State {
    return this.#state;
  }

  /** Bytes that it takes in memory, roughly. */
  get bytes(): number {
    return 2_000 + 3 * this.#stateBytes + 300 * this.#told.size;
  }

  /** One thing at a time, in the order of the calls. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Begins to gather what the store does not keep of the run; what was told of it before is not told again. */
  leavesOut(): LeftOut {
    return new LeftOut(this.#told);
  }

  /** Stores what was logged together with the state that it leads to. Called while the session is alone. */
  async log(writing: Writing, access: Access, log: SessionLog<State>): Promise<void> {
    const { entries, state = this.#state, batchId, ...extras } = log;
    const text = JSON.stringify(state);
    await writing.log(this.id, { entries, ...(batchId !== undefined && { batchId }) }, access, {
      ...(text !== JSON.stringify(this.#state) && { state: new Map([[this.kind.key, text]]) }),
      ...extras,
    });
    this.#state = state;
    this.#stateBytes = text.length;
    extras.leftOut?.settle();
  }

  /** Tells by events of the run what was left out. `time`: epoch milliseconds. */
  async tell(writing: Writing, access: Access, leftOut: LeftOut, time?: number): Promise<void> {
    const events = leftOut.events(time);
    if (events.length > 0) {
      await writing.logEvents(this.id, { events }, access);
      leftOut.settle();
    }
  }
}
