import type { Answer } from './answerList';
import type { Span } from './Span';

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** Characters of a text without any word that are looked at; a longer one says something in its own way. */
const LONGEST = 2_000;

/** The marks of an answer with nothing in them, or marks and nothing else. */
export function emptyFormat(text: string, answers: readonly Answer[]): Span | undefined {
  // Instructions are repeated with empty marks, so only the last answer counts.
  const last = answers.reduce<Answer | undefined>((a, b) => (a && a.start > b.start ? a : b), undefined);
  if (last && last.text.trim() === '') {
    const { start, end, name } = last;
    return { start, end, says: `The marks of an answer with nothing in them: the last of ${name}.` };
  }
  if (text.length > LONGEST || text.trim() === '') {
    return undefined;
  }
  const said = text.replace(/<\/?[a-zA-Z_|]{1,20}>/g, '').replace(/\\boxed/g, '');
  return said.length < text.length && !SAYS_SOMETHING.test(said)
    ? { start: 0, end: text.length, says: 'Marks of a format, and no letter or digit in or between them.' }
    : undefined;
}
