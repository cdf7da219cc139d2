import { fitsName, standsForMany } from '@rolloscope/contract';
import type { ReadOptions } from '../engine/ReadOptions';
import { withinTime } from '../pacing/withinTime';
import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';

/** The metrics of runs by name, in the order of logging; runs may have tens of thousands each. */
export async function metricsOf(entries: readonly RunEntry[], signal?: AbortSignal): Promise<Set<string>> {
  const names = new Set<string>();
  const turn = new Turn(signal);
  for (const { latest } of entries) {
    await turn.all(latest.keys(), (name) => names.add(name));
  }
  return names;
}

/** Names that exist among those asked for, by name or by glob; a name that exists is never read as a glob. */
export function chooseNames(
  known: ReadonlySet<string>,
  asked: readonly string[],
  options: ReadOptions,
): Promise<{ names: string[]; missing: string[] }> {
  return withinTime(options, async ({ signal }) => {
    const names = new Set<string>();
    const missing: string[] = [];
    const turn = new Turn(signal);
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
