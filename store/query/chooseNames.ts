import { fitsGlob } from '@rolloscope/contract';

/** Names that exist among those asked for, by name or by glob; a name that exists is never read as a glob. */
export function chooseNames(
  known: ReadonlySet<string>,
  asked: readonly string[],
): { names: string[]; missing: string[] } {
  const names = new Set<string>();
  const missing: string[] = [];
  for (const name of asked) {
    const found = known.has(name) ? [name] : name.includes('*') ? [...known].filter((one) => fitsGlob(one, name)) : [];
    if (found.length === 0) {
      missing.push(name);
    }
    for (const one of found) {
      names.add(one);
    }
  }
  return { names: [...names], missing };
}
