import { requestScope } from '../requestScope';

/** Milliseconds of work at one go. */
const SLICE_MS = 10;

const waiting: Array<() => void> = [];

/**
 * Resolves at a later turn of the event loop. In each turn only one of those who wait goes on, so that the slices of
 * many requests never add up to one long block.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) {
      setImmediate(goOn);
    }
  });
}

function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) {
    setImmediate(goOn);
  }
}

/** For long work on the main thread: asked between small pieces of it, tells when to let others have their turn. */
export class Pace {
  private begin = performance.now();

  /** `signal`: of whoever waits for the result; by default of the request that is answered. */
  constructor(private readonly signal: AbortSignal | undefined = requestScope.getStore()?.signal) {}

  /** Whether the work has gone on for so long that it has to `rest`. */
  get isDue(): boolean {
    return performance.now() - this.begin > SLICE_MS;
  }

  /** Lets others have their turn. Rejects with the signal's reason when nobody waits for the result any more. */
  async rest(): Promise<void> {
    await nextTurn();
    this.signal?.throwIfAborted();
    this.begin = performance.now();
  }
}
