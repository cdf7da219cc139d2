import type { Effective, EffectiveSpan } from '../engine/EngineReads';
import type { RunEntry } from './RunEntry';

/**
 * Tells which points of a run count: of the steps that an attempt went over again, from the step after the one at which
 * it resumed to where it came, only its own and those of later ones. The step at which it resumed belongs to both:
 * trainers evaluate or profile once more at the checkpoint's step, and what they did not log again there still holds.
 * What lies beyond stays with the attempt that got there. Undefined for a run that never went back and never logged a
 * step twice.
 */
export function effectiveHistory(entry: Pick<RunEntry, 'record' | 'reached' | 'rewrittenAt'>): Effective | undefined {
  const { attempts } = entry.record;
  const oldest = attempts[0]?.n ?? 1;
  if (attempts.length < 2) {
    const spans = [{ attempt: oldest, from: null, to: null }];
    return entry.rewrittenAt > 0 ? { spans, sharedSteps: [] } : undefined;
  }
  const later = attempts.slice(1);
  const again = later
    .map(({ n, fromStep }) => ({ n, from: fromStep + 1, to: entry.reached.get(n) ?? fromStep }))
    .filter(({ from, to }) => from <= to);
  return { spans: spansOf(oldest, again), sharedSteps: [...new Set(later.map(({ fromStep }) => fromStep))] };
}

/** Gives the newest attempt that went over each step: as many spans as there are changes of it, and no more. */
function spansOf(oldest: number, again: ReadonlyArray<{ n: number; from: number; to: number }>): EffectiveSpan[] {
  const changes = again.flatMap(({ n, from, to }) => [
    { step: from, n, begins: true },
    { step: to + 1, n, begins: false },
  ]);
  changes.sort((a, b) => a.step - b.step);
  const over: number[] = [];
  const spans: EffectiveSpan[] = [];
  let span: EffectiveSpan = { attempt: oldest, from: null, to: null };
  changes.forEach(({ step, n, begins }, i) => {
    const place = over.findIndex((one) => one >= n);
    over.splice(place < 0 ? over.length : place, begins ? 0 : 1, ...(begins ? [n] : []));
    const newest = over.at(-1) ?? oldest;
    const isLast = changes[i + 1]?.step !== step;
    if (isLast && newest !== span.attempt) {
      spans.push({ ...span, to: step - 1 });
      span = { attempt: newest, from: step, to: null };
    }
  });
  return [...spans, span];
}
