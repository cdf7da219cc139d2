import type { Run } from '@rolloscope/contract/types';
import type { Choice } from './Choice';

/** Running ones first, then the newest, so that the first option is the right default. */
export function orderRuns(runs: readonly Run[]): Run[] {
  const rank = (run: Run) => (run.state === 'running' ? 0 : 1);
  return [...runs].sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt);
}

/** Runs by their names; where several share one, the id tells them apart. */
export function runChoices(runs: readonly Run[]): Choice[] {
  const names = new Map<string, number>();
  for (const { name } of runs) {
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return runs.map(({ id, name, state, lastStep }) => ({
    value: id,
    label: (names.get(name) ?? 0) > 1 ? `${name} (${id})` : name,
    about: lastStep === undefined ? state : `${state}, step ${lastStep}`,
  }));
}
