import type { EffectiveSpan } from '../engine/EngineReads';
import type { RunEntry } from './RunBook';

/**
 * Which steps each attempt of a run owns: all but those that a later attempt went over again, from where it resumed to
 * where it came. What lies beyond stays with the attempt that got there. Undefined for a run that never went back and
 * never logged a step twice.
 */
export function effectiveSpans(
  entry: Pick<RunEntry, 'record' | 'reached' | 'rewrittenAt'>,
): EffectiveSpan[] | undefined {
  const { attempts } = entry.record;
  if (attempts.length < 2) {
    return entry.rewrittenAt > 0 ? [{ attempt: attempts[0]?.n ?? 1, from: null, to: null }] : undefined;
  }
  return attempts.flatMap(({ n }, i) => {
    const later = attempts.slice(i + 1).map((one) => ({
      from: one.fromStep,
      to: Math.max(one.fromStep, entry.reached.get(one.n) ?? one.fromStep),
    }));
    return gaps(later).map((gap) => ({ attempt: n, ...gap }));
  });
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
