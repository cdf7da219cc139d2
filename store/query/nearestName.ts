import { editsBetween, foldCase } from '@rolloscope/contract/texts';

/** Characters of a name that are compared. */
const LOOKED_AT = 64;

/** Names that are looked at where there may be any number. */
const MOST_NAMES = 300;

/** Returns `; did you mean "…"?` of the nearest of the first names; a full stop without any. */
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
  const wanted = foldCase(name.slice(0, LOOKED_AT));
  let best: { name: string; edits: number } | undefined;
  for (const one of known) {
    const edits = editsBetween(wanted, foldCase(one.slice(0, LOOKED_AT)));
    if (!best || edits < best.edits) {
      best = { name: one, edits };
    }
  }
  return best?.name;
}
