import { evalRank } from '@rolloscope/contract/evals';
import { fitsGlob } from '@rolloscope/contract/fitsGlob';
import type { MetricInfo } from '@rolloscope/contract/types';

/** The metrics that share what stands before the first slash. */
export interface Section {
  /** The part before the first slash; empty for metrics without one. */
  prefix: string;
  metrics: MetricInfo[];
}

/** Returns what stands before the first slash of a metric's name; empty where there is none. */
export const prefixOf = (name: string): string => name.slice(0, Math.max(0, name.indexOf('/')));

/** Says whether a name holds every word of a search, whatever their case; `*` stands for any characters. */
export function isFound(name: string, search: string): boolean {
  const lower = name.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => fitsGlob(lower, `*${word}*`));
}

/**
 * Metrics in sections: those with results of evals first, then metrics without a prefix, then the rest by name. In a
 * section the results of evals come first, too. Numbers in names count as numbers: `pass@4` before `pass@16`.
 */
export function sectionsOf(metrics: readonly MetricInfo[], search = ''): Section[] {
  const byPrefix = new Map<string, MetricInfo[]>();
  const ranks = new Map<string, number>();
  for (const metric of metrics) {
    if (isFound(metric.name, search)) {
      const prefix = prefixOf(metric.name);
      byPrefix.set(prefix, byPrefix.get(prefix) ?? []);
      byPrefix.get(prefix)?.push(metric);
      ranks.set(metric.name, evalRank(metric.name) ?? Number.POSITIVE_INFINITY);
    }
  }
  const rank = ({ name }: MetricInfo) => ranks.get(name) ?? Number.POSITIVE_INFINITY;
  const compare = (a: number, b: number, x: string, y: string) => (a === b ? collator.compare(x, y) : a - b);
  const sections = [...byPrefix].map(([prefix, list]) => ({
    prefix,
    metrics: list.sort((a, b) => compare(rank(a), rank(b), a.name, b.name)),
  }));
  const place = ({ prefix, metrics: [first] }: Section) =>
    prefix === '' ? 1 : first && rank(first) !== Number.POSITIVE_INFINITY ? 0 : 2;
  return sections.sort((a, b) => compare(place(a), place(b), a.prefix, b.prefix));
}

const collator = new Intl.Collator('en', { numeric: true });
