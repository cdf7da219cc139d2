import { emptyState, type RunState, STATE_KEY } from './RunState';

/** Milliseconds that a client collects changes of a run's config before it sends them: 5 s, and some for the way. */
const SETTLE_MS = 6_000;

/** A W&B run while its clients log: its state, and what need not outlive the process. */
export class RunSession {
  #state: RunState;
  /** Bytes of the state as it is stored. */
  #stateBytes: number;
  /** Kinds of things left out that were told already. */
  readonly told = new Set<string>();
  /** What recent console lines are told by, by number: one that was overwritten from one that came twice. */
  readonly consoleLines = new Map<number, number>();
  /** Console lines beyond those that are kept as they come; the last ones. */
  consoleTail: Array<{ number: number; text: string }> = [];
  /** When its end was told, by the steady clock; undefined where it goes on, or that was told to an earlier process. */
  endedAt: number | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private settling: { done: Promise<void>; end(): void } | undefined;

  constructor(
    /** The run's id in the store. */
    readonly id: string,
    readonly project: string,
    /** The run's own key; runs of before the store gave them have none. */
    readonly key: string | undefined,
    stored: ReadonlyMap<string, string>,
  ) {
    const text = stored.get(STATE_KEY);
    this.#state = text === undefined ? emptyState() : { ...emptyState(), ...(JSON.parse(text) as RunState) };
    this.#stateBytes = text?.length ?? 0;
  }

  get state(): RunState {
    return this.#state;
  }

  set state(state: RunState) {
    this.#state = state;
    this.#stateBytes = JSON.stringify(state).length;
  }

  /** What it takes in memory, roughly. */
  get bytes(): number {
    const tail = this.consoleTail.reduce((sum, { text }) => sum + 2 * text.length + 100, 0);
    return 2_000 + 3 * this.#stateBytes + 100 * this.consoleLines.size + tail + 300 * this.told.size;
  }

  /** One thing at a time. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** A client began; it tells its step metrics in a second call, some seconds later. */
  begin(): void {
    this.settle();
    let end = () => {};
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SETTLE_MS);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.settling = { done, end };
  }

  /** That second call came. */
  settle(): void {
    this.settling?.end();
    this.settling = undefined;
  }

  /** Resolves when step metrics are known, or would have been told by now. */
  async settled(): Promise<void> {
    await this.settling?.done;
  }
}
