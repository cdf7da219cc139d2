/** Characters of a name that are compared. */
const LOOKED_AT = 64;

/** Names that are looked at where there may be any number. */
const MOST_NAMES = 300;

/** ` did you mean "…"?` of the nearest of the first names, after a `;`; nothing without any. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const looked: string[] = [];
  for (const one of known) {
    if (looked.push(one) === MOST_NAMES) {
      break;
    }
  }
  const nearest = nearestName(name, looked);
  return nearest === undefined ? '.' : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** The name that takes the fewest edits to get to, ignoring case; the first of equals. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, LOOKED_AT).toLowerCase();
  let best: { name: string; edits: number } | undefined;
  for (const one of known) {
    const edits = editsBetween(wanted, one.slice(0, LOOKED_AT).toLowerCase());
    if (!best || edits < best.edits) {
      best = { name: one, edits };
    }
  }
  return best?.name;
}

/** Characters to insert, delete or replace to make one text the other. */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const line = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
