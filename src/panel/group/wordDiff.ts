import { diffLines, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  text: string;
  /** The texts that have the part: both (`same`), only the first (`gone`), or only the second (`new`). */
  kind: 'same' | 'gone' | 'new';
}

export interface TextDiff {
  parts: DiffPart[];
  /** The unit of comparison; `whole` where the texts are too long or too different for a diff that helps. */
  by: 'word' | 'line' | 'whole';
}

/** Characters of both texts together beyond which words are not compared, and lines neither. */
const WORD_LIMIT = 200_000;
const LINE_LIMIT = 2_000_000;
/** Milliseconds that each of the two tries may take: the page must not stand still. */
const PATIENCE = 60;
/** Texts so short are compared in no time, whatever a busy machine's clock says. */
const SHORT = 2_000;

/** Tells how two texts differ. Their parts put together again are the texts, to the character. */
export function wordDiff(first: string, second: string): TextDiff {
  const size = first.length + second.length;
  const options = { timeout: size <= SHORT ? Number.POSITIVE_INFINITY : PATIENCE };
  const words = size <= WORD_LIMIT ? diffWordsWithSpace(first, second, options) : undefined;
  const changes = words ?? (size <= LINE_LIMIT ? diffLines(first, second, options) : undefined);
  if (!changes) {
    const whole: DiffPart[] = [
      { text: first, kind: 'gone' },
      { text: second, kind: 'new' },
    ];
    return { parts: whole.filter(({ text }) => text !== ''), by: 'whole' };
  }
  return {
    parts: changes.map(({ value, added, removed }) => ({
      text: value,
      kind: added ? 'new' : removed ? 'gone' : 'same',
    })),
    by: words ? 'word' : 'line',
  };
}
