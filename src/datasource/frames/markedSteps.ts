import type { Series } from '@rolloscope/contract/types';
import { stepSelection } from '../toRequest';

/** Steps of a list that are marked. */
const MOST = 20;

/** The steps that a text such as `70`, `10, 20` or `10-20` (both ends) names; none where it names none. */
export function markedSteps(text = ''): number[] {
  try {
    const { steps, filter = [] } = stepSelection(text);
    const listed = filter.flatMap((one) => ('value' in one && Array.isArray(one.value) ? (one.value as number[]) : []));
    const ends = [steps?.from, steps?.to].filter((step) => step !== undefined);
    return [...new Set([...ends, ...listed])].slice(0, MOST);
  } catch {
    // A variable that holds something else marks nothing; the table that reads it says so.
    return [];
  }
}

/**
 * Finds where a series passes a step, on the line between the points that are drawn: the share of the way from the
 * point `before` to the next one. Undefined where the series does not reach the step.
 */
export function placeOfStep(
  { step }: Pick<Series, 'step'>,
  marked: number,
): { before: number; share: number } | undefined {
  let before = -1;
  for (let i = 0; i < step.length && (step[i] ?? marked) <= marked; i++) {
    before = step[i] === null ? before : i;
  }
  const [from, to] = [step[before] ?? null, step[before + 1] ?? null];
  if (from === null) {
    return undefined;
  }
  if (from === marked) {
    return { before, share: 0 };
  }
  return to === null || to < marked ? undefined : { before, share: (marked - from) / (to - from) };
}
