import { LENS_RULES } from '@rolloscope/contract';
import { repetition } from '../ingest/repetition';
import type { Span } from './Span';

/** Characters of a repeated part that are marked. */
const LONGEST = 2_000;

/** The longest part of a text that was said in it before, where so much of it was as the lens “Repetitive” asks for. */
export function repeatedText(text: string): Span | undefined {
  let [start, end] = [0, 0];
  let longest: { start: number; end: number } = { start: 0, end: 0 };
  const share = repetition(text, (from, to) => {
    start = from <= end ? start : from;
    end = to;
    longest = end - start > longest.end - longest.start ? { start, end } : longest;
  });
  return share >= LENS_RULES.repetition
    ? {
        start: longest.start,
        end: Math.min(longest.end, longest.start + LONGEST),
        says: `Text that was said before in the same response: ${Math.round(share * 100)} % of its runs of eight words.`,
      }
    : undefined;
}
