/** Names shorter than this are read whole. */
const SHORT = 18;
/** The last separator, after which a name is cut so that no word is torn, and the text behind it. */
const WORD_END = /[-_/.: ][^-_/.: ]*$/;

/**
 * Names for a narrow place, where their ends would be cut off: what all of them begin with becomes `…`. Names that stay
 * alike stay whole.
 */
export function distinctNames(names: readonly string[]): string[] {
  const [first = ''] = names;
  if (names.length < 2 || names.every((name) => name.length <= SHORT)) {
    return [...names];
  }
  let shared = first.length;
  for (const name of names) {
    let i = 0;
    while (i < shared && name[i] === first[i]) {
      i++;
    }
    shared = i;
  }
  const end = WORD_END.exec(first.slice(0, shared));
  const cut = end ? end.index + 1 : 0;
  return cut < 4 || names.some((name) => name.length <= cut) ? [...names] : names.map((name) => `…${name.slice(cut)}`);
}
