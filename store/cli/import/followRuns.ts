import { pause, Refused } from '../StoreClient';
import { isDiskTrouble } from './isDiskTrouble';
import type { RunImport } from './RunImport';

/** Milliseconds between passes: while something comes, and when nothing does. */
const BUSY_MS = 250;
const QUIET_MS = 2_000;
/** A pass over thousands of files on a shared disk takes a while, and should be a small share of all time. */
const SHARE = 10;

/**
 * Takes what is new, again and again, until it is stopped. Folders are looked at: a shared disk tells of no change. One
 * that cannot be imported does not hold up the others; the promise is false when none is left, or fails when the store
 * refuses all.
 */
export async function followRuns(
  runs: readonly RunImport[],
  signal: AbortSignal,
  tell: (...lines: readonly string[]) => void,
): Promise<boolean> {
  const left = new Set(runs);
  const said = new Map<RunImport, string>();
  const sayOnce = (run: RunImport, ...lines: string[]) => {
    const text = lines.join('\n');
    if (said.get(run) !== text) {
      said.set(run, text);
      tell(...lines);
    }
  };
  while (!signal.aborted && left.size > 0) {
    const began = performance.now();
    let hasTaken = false;
    for (const run of [...left]) {
      try {
        hasTaken = (await run.pass(false)) || hasTaken;
        sayOnce(run, ...describe(run));
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        if (signal.aborted) {
          return true;
        }
        if (cause instanceof Refused && cause.status !== 409) {
          throw cause;
        }
        if (isDiskTrouble(cause)) {
          sayOnce(run, `${run.summary.label}: the disk is away, waiting for it: ${message}`);
        } else {
          tell(`${run.summary.label}: ${message}`);
          left.delete(run);
        }
      }
    }
    const took = performance.now() - began;
    await pause(Math.max(hasTaken ? BUSY_MS : QUIET_MS, took * SHARE), signal).catch(() => undefined);
  }
  return left.size > 0;
}

function describe(run: RunImport): string[] {
  const { summary, format } = run;
  return format
    ? [`${summary.label}: ${format.title}, into ${run.into}; Ctrl-C ends`]
    : [...run.notRecognised, 'Waiting for it; Ctrl-C ends.'];
}
