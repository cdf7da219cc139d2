import type { Steps } from '../Turn';

/** Rows of one call that say something of groups. */
const LEAST = 4;

/**
 * Tells whether what is called a group's id is one of the row: no two rows share it, though they share prompts. Such an
 * id would leave every rollout alone in its group; so it plays no role, and groups are told by the prompt.
 */
export function* isRowId(ids: readonly unknown[], prompts: readonly (string | null)[]): Steps<boolean> {
  const [seen, asked] = [new Set<string>(), new Set<string | null>()];
  for (const [i, id] of ids.entries()) {
    const key = JSON.stringify(id ?? null);
    if (key === 'null' || seen.has(key)) {
      return false;
    }
    seen.add(key);
    asked.add(prompts[i] ?? null);
    yield;
  }
  return ids.length >= LEAST && asked.size <= ids.length / 2 && !asked.has(null);
}
