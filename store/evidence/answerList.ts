import type { Span } from './Span';

/** So many numbers in one answer look like candidates. */
const MANY = 6;
/** Answers of one text that are looked at, and characters of each. */
const MOST_ANSWERS = 100;
const LONGEST = 2_000;

const OPENINGS = [
  { opens: '\\boxed{', closes: '}', name: '\\boxed' },
  { opens: '<answer>', closes: '</answer>', name: 'the answer' },
] as const;

/** The text between the marks of an answer, and where it is; an answer that never ends, or is too long, is left out. */
export interface Answer {
  start: number;
  end: number;
  text: string;
  name: string;
}

/** The marked answers of a text, in order by kind. */
export function answersIn(text: string): Answer[] {
  return OPENINGS.flatMap(({ opens, closes, name }) =>
    [...placesOf(text, opens, MOST_ANSWERS)].flatMap((start) => {
      const from = start + opens.length;
      const to = closes === '}' ? closingBrace(text, from) : text.slice(from, from + LONGEST).indexOf(closes);
      return to < 0 ? [] : [{ start, end: from + to + closes.length, text: text.slice(from, from + to), name }];
    }),
  );
}

/** Places behind `from` of the brace that closes what was opened before it; -1 where there is none nearby. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < Math.min(text.length, from + LONGEST); i++) {
    const code = text.charCodeAt(i);
    depth += code === 0x7b ? 1 : code === 0x7d ? -1 : 0;
    if (depth === 0) {
      return i - from;
    }
  }
  return -1;
}

const NUMBER = /^[-+]?\d{1,20}(\.\d{0,20})?$/;
const GROUP = /^\d{3}$/;

/** Numbers between commas; the thousands of one number are one. */
function numbersIn(answer: string): number {
  let count = 0;
  for (const part of answer.split(/,|;| or /)) {
    // A blank before it tells a number of its own from thousands.
    if (NUMBER.test(part.trim()) && !(count > 0 && GROUP.test(part))) {
      count++;
    }
  }
  return count;
}

/** An answer that is many numbers. */
export function answerList(answers: readonly Answer[]): Span | undefined {
  for (const { start, end, text, name } of answers) {
    const count = text.includes(',') || text.includes(';') || text.includes(' or ') ? numbersIn(text) : 0;
    if (count >= MANY) {
      return { start, end, says: `Text that looks like a list of candidate answers: ${count} numbers in ${name}.` };
    }
  }
  return undefined;
}

/** Places of a word in a text, so many at most. */
function* placesOf(text: string, word: string, most: number): Generator<number> {
  let at = text.indexOf(word);
  for (let n = 0; at >= 0 && n < most; n++) {
    yield at;
    at = text.indexOf(word, at + word.length);
  }
}
