import { editsBetween } from '@rolloscope/contract/texts';

/** "did you mean .smooth?", or what there is. */
export function nearest(word: string, names: readonly string[], prefix: string): string {
  const [begun, ...others] = names.filter((name) => word !== '' && name.startsWith(word));
  if (begun !== undefined && others.length === 0) {
    return `did you mean ${prefix}${begun}?`;
  }
  const scored = names.map((name) => ({ name, edits: editsBetween(word, name) })).sort((a, b) => a.edits - b.edits);
  const [best] = scored;
  return best && best.edits <= Math.max(1, Math.floor(best.name.length / 3))
    ? `did you mean ${prefix}${best.name}?`
    : names.length > 0
      ? `here come ${names.map((name) => `${prefix}${name}`).join(', ')}.`
      : 'nothing comes here.';
}
