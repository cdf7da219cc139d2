import { fitsName, standsForMany } from '@rolloscope/contract';
import { withinTime } from '../pacing/withinTime';
import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';

/** The metrics of runs by name, in the order of logging; runs may have tens of thousands each. */
export async function metricsOf(entries: readonly RunEntry[]): Promise<Set<string>> {
  const names = new Set<string>();
  const turn = new Turn();
  for (const { latest } of entries) {
    await turn.all(latest.keys(), (name) => names.add(name));
  }
  return names;
}

/** Names that exist among those asked for, by name or by glob; a name that exists is never read as a glob. */
export function chooseNames(
  known: ReadonlySet<string>,
  asked: readonly string[],
): Promise<{ names: string[]; missing: string[] }> {
  return withinTime(async () => {
    const names = new Set<string>();
    const missing: string[] = [];
    const turn = new Turn();
    for (const name of asked) {
      let isThere = known.has(name);
      if (isThere) {
        names.add(name);
      } else if (standsForMany(name)) {
        await turn.all(known, (one) => {
          if (fitsName(one, name)) {
            names.add(one);
            isThere = true;
          }
        });
      }
      if (!isThere) {
        missing.push(name);
      }
    }
    return { names: [...names], missing };
  });
}
