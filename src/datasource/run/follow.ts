import type { Targets, TargetsAnswer } from './Targets';

/** Milliseconds between two questions while points come; where none come, it grows to the second. */
const TICK = 2_000;
const SLOW_TICK = 10_000;
/** The same where people label what shows: the others are to see it within five seconds. */
const LABEL_TICK = 3_500;
/** The longest wait after failures, in milliseconds. */
const PATIENCE = 60_000;
/** Questions between two looks at which runs still log; where nothing came for so long, the next one looks. */
const LOOK_UP_EVERY = 5;
const QUIET = 4_000;

/** Waits, and then until somebody looks; ends at once when the signal says that nobody waits any more. */
type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Answers once, and then with what comes, until no run logs any more, and nobody labels what it logged, or the signal ends it. */
export async function follow(
  targets: Pick<Targets, 'begin' | 'goOn' | 'isLive' | 'isLabelled'>,
  signal: AbortSignal,
  pause: Pause,
  emit: (answer: TargetsAnswer) => void,
): Promise<void> {
  const first = await targets.begin();
  if (signal.aborted) {
    return;
  }
  emit(first);
  let failed = first.errors !== undefined;
  let wait = failed ? 2 * TICK : TICK;
  for (let asked = 1; targets.isLive || targets.isLabelled; asked++) {
    await pause(wait, signal);
    if (signal.aborted) {
      return;
    }
    const answer = await targets.goOn(asked % LOOK_UP_EVERY === 0 || wait > QUIET);
    if (signal.aborted) {
      return;
    }
    if (answer) {
      failed = answer.errors !== undefined;
      emit(answer);
    }
    const slowest = targets.isLabelled ? LABEL_TICK : SLOW_TICK;
    wait = failed ? Math.min(2 * wait, PATIENCE) : answer ? TICK : Math.max(TICK, Math.min(1.5 * wait, slowest));
  }
}

/** Waits so many milliseconds, and then until the page is seen: one in the background asks for nothing. Ends with the signal. */
export async function pauseUntilSeen(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
  if (signal.aborted || !document.hidden) {
    return;
  }
  await new Promise<void>((resolve) => {
    function look() {
      if (!document.hidden || signal.aborted) {
        document.removeEventListener('visibilitychange', look);
        signal.removeEventListener('abort', look);
        resolve();
      }
    }
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}
