import type { Effective } from '../engine/EngineReads';
import type { RunEntry } from './RunBook';

/**
 * Which steps each attempt of a run owns: all but those that a later attempt went over again, from the step after the one
 * at which it resumed to where it came. The step at which it resumed belongs to both: trainers evaluate or profile once
 * more at the checkpoint's step, and what they did not log again there still holds. What lies beyond stays with the
 * attempt that got there. Undefined for a run that never went back and never logged a step twice.
 */
export function effectiveHistory(entry: Pick<RunEntry, 'record' | 'reached' | 'rewrittenAt'>): Effective | undefined {
  const { attempts } = entry.record;
  if (attempts.length < 2) {
    const spans = [{ attempt: attempts[0]?.n ?? 1, from: null, to: null }];
    return entry.rewrittenAt > 0 ? { spans, sharedSteps: [] } : undefined;
  }
  const spans = attempts.flatMap(({ n }, i) => {
    const later = attempts.slice(i + 1).map((one) => ({
      from: one.fromStep + 1,
      to: entry.reached.get(one.n) ?? one.fromStep,
    }));
    return gaps(later.filter(({ from, to }) => from <= to)).map((gap) => ({ attempt: n, ...gap }));
  });
  return { spans, sharedSteps: [...new Set(attempts.slice(1).map(({ fromStep }) => fromStep))] };
}

/** What a set of intervals leaves free on the line of whole numbers. */
function gaps(intervals: Array<{ from: number; to: number }>): Array<{ from: number | null; to: number | null }> {
  const free: Array<{ from: number | null; to: number | null }> = [];
  let from: number | null = null;
  for (const one of intervals.toSorted((a, b) => a.from - b.from)) {
    if (from === null || one.from > from) {
      free.push({ from, to: one.from - 1 });
    }
    from = Math.max(from ?? Number.NEGATIVE_INFINITY, one.to + 1);
  }
  free.push({ from, to: null });
  return free;
}
