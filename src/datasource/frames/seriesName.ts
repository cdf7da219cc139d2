import type { RunBrief, Series } from '@rolloscope/contract/types';
import { escapeLine } from '../../shared/escapeText';
import { shortNames } from '../../shared/shortNames';

type Runs = ReadonlyMap<string, RunBrief>;

/**
 * Names the series of one answer: by the query's template, else by what tells each from its neighbours. Runs that share
 * a name have their ids beside it, and a run that was resumed the number of the attempt; long names that begin alike are
 * short of what they share. Characters that turn a name around, or hide some of it, are shown as what they are.
 */
export function seriesNames(all: readonly Series[], runs: Runs, template = ''): string[] {
  const owner = (one: Series) => one.group ?? runs.get(one.run)?.name ?? one.run;
  const owners = new Map<string, Set<string>>();
  const attempts = new Map<string, number>();
  for (const one of all) {
    const ids = owners.get(owner(one)) ?? new Set();
    owners.set(owner(one), ids.add(one.group ?? one.run));
    attempts.set(one.run, Math.max(attempts.get(one.run) ?? 1, one.attempt ?? 1));
  }
  const manyRuns = new Set(all.map((one) => one.group ?? one.run)).size > 1;
  const manyMetrics = new Set(all.map(({ metric }) => metric)).size > 1;
  const whole = all.map((one) => {
    const name = owner(one);
    return (owners.get(name)?.size ?? 0) > 1 ? `${name} (${one.group ?? one.run})` : name;
  });
  // A template is somebody's own choice.
  const short = template === '' ? shortNames(whole) : whole;
  return all.map((one, i) => {
    const run = short[i] ?? one.run;
    const own =
      template === ''
        ? manyRuns && manyMetrics
          ? `${one.metric} · ${run}`
          : manyRuns
            ? run
            : one.metric
        : filled(template, {
            run,
            metric: one.metric,
            group: one.group ?? runs.get(one.run)?.group,
            project: runs.get(one.run)?.project,
          });
    const isOneOfMany = (attempts.get(one.run) ?? 1) > 1 && one.attempt !== undefined;
    return escapeLine(isOneOfMany ? `${own} · attempt ${one.attempt}` : own);
  });
}

const filled = (template: string, values: Record<string, string | undefined>) =>
  template.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => (name in values ? (values[name] ?? '') : whole));
