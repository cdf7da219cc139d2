import { EVALS, EvalResults, evalRank, fitsName } from '@rolloscope/contract';
import type { ReadOptions } from '../engine/ReadOptions';
import { withinTime } from '../pacing/withinTime';
import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';

interface ChosenEvals {
  /** Metrics that some run gives. */
  names: string[];
  /** Tells whether a run, or a group whose runs are joined, gives a metric of these. */
  isGiven: (owner: string, metric: string) => boolean;
}

/**
 * Among the metrics that were chosen, `@evals` stands for one a task in each run: the first in the list of what evals are
 * called, whatever other runs have. What was asked for by another name, too, is given by all.
 */
export function chooseEvals(
  entries: readonly RunEntry[],
  names: readonly string[],
  asked: readonly string[],
  ownerOf: (entry: RunEntry) => string,
  options: ReadOptions,
): Promise<ChosenEvals> {
  return withinTime(options, async ({ signal }) => {
    const others = asked.filter((name) => name !== EVALS);
    if (others.length === asked.length || names.includes(EVALS)) {
      return { names: [...names], isGiven: () => true };
    }
    const evals = new Set<string>();
    const turn = new Turn(signal);
    await turn.all(names, (name) => {
      if (evalRank(name) !== undefined && !others.some((one) => fitsName(name, one))) {
        evals.add(name);
      }
    });
    const results = new Map<string, EvalResults>();
    for (const entry of entries) {
      const owner = ownerOf(entry);
      const own = results.get(owner) ?? new EvalResults();
      results.set(owner, own);
      await turn.all(evals, (name) => {
        if (entry.latest.has(name)) {
          own.take(name);
        }
      });
    }
    const chosen = new Map([...results].map(([owner, own]) => [owner, new Set(own.metrics())]));
    const some = new Set([...chosen.values()].flatMap((own) => [...own]));
    return {
      names: names.filter((name) => !evals.has(name) || some.has(name)),
      isGiven: (owner: string, metric: string) => !evals.has(metric) || chosen.get(owner)?.has(metric) === true,
    };
  });
}
