/** Characters of a name that the legend of a chart among several has room for. */
const OF_LEGEND = 44;
/** The parts of the room by which names are told apart at a glance, and that stay of what names share and of their ends. */
const [GLANCE, HEAD, TAIL] = [0.5, 0.28, 0.23];

/** Counts the characters that all of some texts begin with. */
function sharedLength(texts: readonly string[]): number {
  const [first = ''] = texts;
  const end = [...first].findIndex((_, i) => texts.some((text) => text[i] !== first[i]));
  return end < 0 ? first.length : end;
}

const groupedBy = (names: Iterable<string>, key: (name: string) => string): string[][] => {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    groups.set(key(name), [...(groups.get(key(name)) ?? []), name]);
  }
  return [...groups.values()];
};

/**
 * Names where what is too long is cut at its end: of long names that begin alike, what all of them share is left out, so
 * that what tells them apart is in sight. Names of another kind stay as they are, and so do all where the shorter ones
 * would be alike. `most` is in characters.
 */
export function shortNames(names: readonly string[], most = OF_LEGEND): string[] {
  const long = new Set(names.filter(({ length }) => length > most));
  const groups = groupedBy(long, (name) => name.slice(0, Math.floor(most * GLANCE)));
  const found = new Map(groups.flatMap((group) => [...shortened(group, most)]));
  const short = names.map((name) => found.get(name) ?? name);
  return new Set(short).size === new Set(names).size ? short : [...names];
}

/** The short form of each of some names that begin alike; those that are alike even so, by what they share themselves. */
function shortened(group: readonly string[], most: number): Map<string, string> {
  if (group.length === 1) {
    return new Map();
  }
  const shared = sharedLength(group);
  const cut = (name: string) => cutShared(name, shared, most);
  return new Map(
    groupedBy(group, cut).flatMap((alike): [string, string][] =>
      alike.length === 1 || alike.length === group.length
        ? alike.map((name) => [name, cut(name)])
        : [...shortened(alike, most)],
    ),
  );
}

/** The beginning, then what comes from the difference on; the middle of that is cut where it is long itself. */
function cutShared(name: string, shared: number, most: number): string {
  const [beginning, tail] = [Math.floor(most * HEAD), Math.floor(most * TAIL)];
  // The rest begins where a word does, so that no number is torn in two.
  const from = Math.max(beginning, name.slice(0, shared).search(/[^-\s_/]*$/));
  const head = from > beginning + 1 ? `${name.slice(0, beginning)}…` : name.slice(0, from);
  const rest = name.slice(from);
  const room = most - head.length;
  return head + (rest.length > room ? `${rest.slice(0, room - tail - 1)}…${rest.slice(-tail)}` : rest);
}
