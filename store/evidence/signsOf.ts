import { LENS_RULES } from '@rolloscope/contract';
import type { Suspicion } from '@rolloscope/contract/types';
import { answerList, answersIn } from './answerList';
import { emptyFormat } from './emptyFormat';
import { judgePleading, PLEADING_WORDS } from './judgePleading';
import { languageSwitch } from './languageSwitch';
import { repeatedText } from './repeatedText';
import type { Span } from './Span';
import { CASING_WORDS, specialCasing } from './specialCasing';
import { wordFinder } from './words';

/** Characters of a response that are looked at, so that a text of megabytes keeps nobody waiting. */
const LOOKED_AT = 500_000;

const findWords = wordFinder([...PLEADING_WORDS, ...CASING_WORDS]);

export interface Sign extends Span {
  sign: Suspicion;
}

/**
 * The signs in a response that it may be after the reward and not the task, the first of each kind. It takes time by the
 * length of the text alone: places of fixed words, each looked at within a bounded distance.
 *
 * @param repeated its `repetition`, where that is known; by it the repeated part is looked for only where it counts
 */
export function signsOf(response: string, prompt: string | null, repeated?: number): Sign[] {
  const text = response.length > LOOKED_AT ? response.slice(0, LOOKED_AT) : response;
  const lower = lowered(text);
  const words = findWords(lower);
  const answers = text.includes('\\boxed{') || text.includes('<answer>') ? answersIn(text) : [];
  const isRepeated = (repeated ?? 1) >= LENS_RULES.repetition;
  const found: Array<[Suspicion, Span | undefined]> = [
    ['tests', specialCasing(text, lower, words)],
    ['answers', answerList(answers)],
    ['repetition', isRepeated ? repeatedText(response) : undefined],
    ['format', emptyFormat(text, answers)],
    ['language', languageSwitch(text, prompt)],
    ['pleading', judgePleading(text, words)],
  ];
  return found.flatMap(([sign, span]) => (span ? [{ sign, ...span }] : []));
}

/** Puts a text into small letters, each at the place that it has in the text. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  // The only letter that becomes two is the capital i with a dot.
  return lower.length === text.length ? lower : text.replaceAll('İ', 'I').toLowerCase();
}
