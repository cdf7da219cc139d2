/** Characters of a name that a chart's legend has room for, and those by which names in it are told apart at a glance. */
const [MOST, BEGINNING] = [44, 24];
/** Characters that stay of what comes before the difference, and of the end. */
const [HEAD, TAIL] = [12, 10];

const beginningOf = (name: string) => name.slice(0, BEGINNING);

/** How many characters all of some texts begin with. */
function sharedLength(texts: readonly string[]): number {
  const [first = ''] = texts;
  const end = [...first].findIndex((_, i) => texts.some((text) => text[i] !== first[i]));
  return end < 0 ? first.length : end;
}

/**
 * Names as legends show them, which cut what is too long at its end: of long names that begin alike, what all of them
 * share is left out, so that what tells them apart is in sight. Names of another kind stay as they are, and so do all
 * where the shorter ones would be alike.
 */
export function shortNames(names: readonly string[]): string[] {
  const alike = new Map<string, Set<string>>();
  for (const name of names) {
    if (name.length > MOST) {
      alike.set(beginningOf(name), (alike.get(beginningOf(name)) ?? new Set()).add(name));
    }
  }
  const short = names.map((name) => {
    const group = [...((name.length > MOST && alike.get(beginningOf(name))) || [])];
    return group.length > 1 ? cutShared(name, sharedLength(group)) : name;
  });
  return new Set(short).size === new Set(names).size ? short : [...names];
}

/** The beginning, then what comes from the difference on; the middle of that is cut where it is long itself. */
function cutShared(name: string, shared: number): string {
  // Where a word begins, so that no number is torn in two.
  const from = Math.max(HEAD, name.slice(0, shared).search(/[^-\s_/]*$/));
  const head = from > HEAD + 1 ? `${name.slice(0, HEAD)}…` : name.slice(0, from);
  const rest = name.slice(from);
  const room = MOST - head.length;
  return head + (rest.length > room ? `${rest.slice(0, room - TAIL - 1)}…${rest.slice(-TAIL)}` : rest);
}
