/** "did you mean .smooth?", or what there is. */
export function nearest(word: string, names: readonly string[], prefix: string): string {
  const [begun, ...others] = names.filter((name) => word !== '' && name.startsWith(word));
  if (begun !== undefined && others.length === 0) {
    return `did you mean ${prefix}${begun}?`;
  }
  const scored = names
    .map((name) => ({ name, distance: distance(word, name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = scored;
  return best && best.distance <= Math.max(1, Math.floor(best.name.length / 3))
    ? `did you mean ${prefix}${best.name}?`
    : names.length > 0
      ? `here come ${names.map((name) => `${prefix}${name}`).join(', ')}.`
      : 'nothing comes here.';
}

/** Levenshtein's: insertions, deletions and replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
