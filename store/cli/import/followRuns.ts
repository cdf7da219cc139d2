import { pause } from '../StoreClient';
import type { RunImport } from './RunImport';

/** Milliseconds between passes: while something comes, and when nothing does. */
const BUSY_MS = 250;
const QUIET_MS = 2_000;
/** A pass over thousands of files on a shared disk takes a while, and should be a small share of all time. */
const SHARE = 10;

/** Takes what is new, again and again, until it is stopped. Folders are looked at: a shared disk tells of no change. */
export async function followRuns(
  runs: readonly RunImport[],
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  const announced = new Set<RunImport>();
  const waiting = new Set<RunImport>();
  while (!signal.aborted) {
    const began = performance.now();
    let hasTaken = false;
    try {
      for (const run of runs) {
        hasTaken = (await run.pass(false)) || hasTaken;
        if (run.format && !announced.has(run)) {
          announced.add(run);
          tell(
            `${run.summary.label}: ${run.format.title}, into run ${run.owner.run} of project ${run.owner.project}; Ctrl-C ends`,
          );
        } else if (!run.format && !waiting.has(run)) {
          waiting.add(run);
          tell(`${run.notRecognised}\nWaiting for it; Ctrl-C ends.`);
        }
      }
      const took = performance.now() - began;
      await pause(Math.max(hasTaken ? BUSY_MS : QUIET_MS, took * SHARE), signal);
    } catch (cause) {
      if (!signal.aborted) {
        throw cause;
      }
    }
  }
}
