/** Milliseconds that long work has for itself before everything else gets its turn. */
const TURN_MS = 8;
/** Milliseconds of one round of the event loop after which all work waits for the next one, however short its parts are. */
const ROUND_MS = 24;

/** The end of the round under way, by `performance.now()`; undefined until some work begins in it. */
let endOfRound: number | undefined;

/**
 * Many short pieces of work, one begun as the one before ends, are as long as one that is long: what they await of each
 * other lets nobody else go on.
 */
function roundEnds(): number {
  if (endOfRound === undefined) {
    endOfRound = performance.now() + ROUND_MS;
    setImmediate(() => {
      endOfRound = undefined;
    });
  }
  return endOfRound;
}

const waiting: Array<() => void> = [];

/**
 * Resolves in a later round of the event loop: in each of them one piece of work goes on, however many there are, so that
 * together they keep nobody waiting longer.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) {
      setImmediate(goOn);
    }
  });
}

function goOn(): void {
  endOfRound = undefined;
  waiting.shift()?.();
  if (waiting.length > 0) {
    setImmediate(goOn);
  }
}

/**
 * Keeps long work on the main thread from blocking it. The work asks after every small step whether its turn is over, and
 * then waits for the next one, between which timers and other requests go on. What cannot be cut into small steps needs
 * a limit of its own.
 */
export class Turn {
  private end = Math.min(performance.now() + TURN_MS, roundEnds());

  /** `signal`: of whoever waits for the work. */
  constructor(private readonly signal?: AbortSignal) {}

  get isOver(): boolean {
    return performance.now() >= this.end;
  }

  /** Rejects with the signal's reason when nobody waits for the work any more. */
  async next(): Promise<void> {
    await nextTurn();
    this.signal?.throwIfAborted();
    this.end = Math.min(performance.now() + TURN_MS, roundEnds());
  }

  /** Calls `each` for every item, in order, in as many turns as that takes. */
  async all<T>(items: Iterable<T>, each: (item: T, index: number) => void): Promise<void> {
    let index = 0;
    for (const item of items) {
      each(item, index++);
      if (this.isOver) {
        await this.next();
      }
    }
  }
}

/** Work that may be long, told in small steps: it yields wherever something else may come in between. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** The same as `items.map(of)`, an item a step. */
export function* mapped<T, R>(items: readonly T[], of: (item: T, index: number) => R): Steps<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i++) {
    results.push(of(items[i] as T, i));
    yield;
  }
  return results;
}

/** Does the work in as many turns as it takes. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  return soonOrInTurns(steps, signal);
}

/** The same, but what is done in its first turn is given at once, and keeps its place before what is called next. */
export function soonOrInTurns<T>(steps: Steps<T>, signal?: AbortSignal): T | Promise<T> {
  const turn = new Turn(signal);
  const goOn = (): { value: T } | undefined => {
    do {
      const step = steps.next();
      if (step.done) {
        return { value: step.value };
      }
    } while (!turn.isOver);
    return undefined;
  };
  const soon = goOn();
  if (soon) {
    return soon.value;
  }
  return (async () => {
    for (;;) {
      await turn.next();
      const done = goOn();
      if (done) {
        return done.value;
      }
    }
  })();
}

/** Does the work in one go, where nobody waits for anything else. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) {
      return step.value;
    }
  }
}
