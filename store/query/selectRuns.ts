import { LIMITS, RUN_ATTRIBUTES } from '@rolloscope/contract';
import type { Condition, Filter, OrderBy, RunSelector } from '@rolloscope/contract/types';
import { checkPatternSizes, patternsOf } from '../patterns/checkPatterns';
import type { RunEntry } from '../runs/RunBook';
import type { SeenRuns } from '../runs/SeenRuns';
import { StoreError } from '../StoreError';
import { compilePattern } from './compilePattern';

const ATTRIBUTES: ReadonlySet<string> = new Set(RUN_ATTRIBUTES);

/** Runs chosen for a request, and the ids that were asked for and are not there. */
export interface ChosenRuns {
  entries: RunEntry[];
  missing: string[];
}

/** Runs by id, or by a filter over their attributes. Throws `run_not_found` when nothing asked for exists. */
export function chooseRuns(seen: SeenRuns, selector: RunSelector): ChosenRuns {
  if (Array.isArray(selector)) {
    const ids = [...new Set(selector)];
    // Two ids may be of one run: the one that its project gave it, and the store's.
    const entries = [...new Set(ids.flatMap((id) => seen.find(id) ?? []))];
    if (entries.length === 0) {
      throw new StoreError(
        'run_not_found',
        `No such run: ${ids
          .slice(0, 5)
          .map((id) => JSON.stringify(id))
          .join(', ')}.`,
      );
    }
    return { entries, missing: ids.filter((id) => !seen.find(id)) };
  }
  const entries = orderRuns(seen, filterRuns(seen, seen.all(), selector.where), selector.orderBy);
  if (entries.length === 0) {
    throw new StoreError('run_not_found', 'No run fits the filter.');
  }
  return { entries: entries.slice(0, selector.limit ?? LIMITS.runs), missing: [] };
}

/** Archived runs are left out unless the filter speaks of them. */
export function filterRuns(seen: SeenRuns, entries: RunEntry[], filter: Filter): RunEntry[] {
  const conditions = filter.flatMap((part) => ('anyOf' in part ? part.anyOf : [part]));
  checkPatternSizes(patternsOf(filter));
  for (const condition of conditions) {
    requireAttribute(condition.column);
    requireValue(condition);
  }
  const speaksOfArchived = conditions.some(({ column }) => column === 'archived');
  return entries.filter(
    (entry) =>
      (speaksOfArchived || !entry.record.archived) &&
      filter.every((part) =>
        'anyOf' in part ? part.anyOf.some((one) => holds(seen, entry, one)) : holds(seen, entry, part),
      ),
  );
}

/** Newest first unless said otherwise. */
export function orderRuns(seen: SeenRuns, entries: RunEntry[], orderBy: OrderBy = []): RunEntry[] {
  for (const { column } of orderBy) {
    requireAttribute(column);
  }
  const newestFirst = entries.toReversed().sort((a, b) => b.record.createdAt - a.record.createdAt);
  if (orderBy.length === 0) {
    return newestFirst;
  }
  // Looked up once a run, not once a comparison.
  const keyed = newestFirst.map((entry) => ({
    entry,
    keys: orderBy.map(({ column }) => valuesOf(seen, entry, column).find((value) => !Number.isNaN(value))),
  }));
  keyed.sort((a, b) => {
    for (const [i, { direction }] of orderBy.entries()) {
      const order = compareNullsLast(a.keys[i], b.keys[i], direction === 'desc');
      if (order !== 0) {
        return order;
      }
    }
    return 0;
  });
  return keyed.map(({ entry }) => entry);
}

function requireAttribute(column: string): void {
  if (!ATTRIBUTES.has(column) && !/^(config|summary)\./.test(column)) {
    const known = RUN_ATTRIBUTES.join(', ');
    throw new StoreError(
      'unknown_column',
      `Runs have no ${JSON.stringify(column)}; they have ${known}, config.*, summary.*.`,
    );
  }
}

/** Refuses a value that its operator cannot take; a pattern is refused here too, also when no run is there. */
function requireValue({ column, op, value }: Condition): void {
  const where = `filter on ${JSON.stringify(column)}, ${op}`;
  if (op === 'in' && !Array.isArray(value)) {
    throw new StoreError('invalid_request', `${where}: the value must be a list.`);
  }
  if ((op === 'contains' || op === 'matches') && typeof value !== 'string') {
    throw new StoreError('invalid_request', `${where}: the value must be a text.`);
  }
  if (op === 'isNull' && value !== undefined && typeof value !== 'boolean') {
    throw new StoreError('invalid_request', `${where}: the value must be true or false.`);
  }
  if (op === 'matches') {
    compilePattern(String(value));
  }
}

/** The values of a run under a key: several for tags and resources, none where it has none. */
export function valuesOf(seen: SeenRuns, entry: RunEntry, key: string): unknown[] {
  const { record } = entry;
  if (key.startsWith('config.')) {
    const value = atPath(record.config, key.slice('config.'.length));
    return value === undefined ? [] : [value];
  }
  if (key.startsWith('summary.')) {
    const latest = entry.latest.get(key.slice('summary.'.length));
    return latest ? [latest.value] : [];
  }
  if (!ATTRIBUTES.has(key)) {
    return [];
  }
  if (key.startsWith('resources.')) {
    const field = key.slice('resources.'.length) as 'host' | 'pod' | 'namespace' | 'slurmJob';
    return [...new Set((record.resources ?? []).flatMap((resource) => resource[field] ?? []))];
  }
  if (key === 'tag') {
    return record.tags;
  }
  if (key === 'parent') {
    return record.parent ? [record.parent.run] : [];
  }
  const run = seen.toRun(entry, { config: false, summary: false });
  const value = (run as Record<string, unknown>)[key];
  return value === undefined ? [] : [value];
}

/** A value inside nested config: keys may hold dots themselves, so the longest key that fits wins. */
function atPath(config: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(config, path)) {
    return config[path];
  }
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const inner = Object.hasOwn(config, path.slice(0, dot)) ? config[path.slice(0, dot)] : undefined;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      const found = atPath(inner as Record<string, unknown>, path.slice(dot + 1));
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

function holds(seen: SeenRuns, entry: RunEntry, { column, op, value }: Condition): boolean {
  const values = valuesOf(seen, entry, column);
  const some = (test: (one: unknown) => boolean) => values.some(test);
  switch (op) {
    case 'isNull':
      return (values.length === 0) === (value ?? true);
    case 'eq':
      return some((one) => equal(one, value));
    case 'ne':
      return !some((one) => equal(one, value));
    case 'in':
      return Array.isArray(value) && some((one) => value.some((wanted) => equal(one, wanted)));
    case 'contains':
      return some((one) => asText(one).toLowerCase().includes(String(value).toLowerCase()));
    case 'matches':
      return some(matcher(String(value)));
    default:
      return some((one) => {
        const order = compare(one, value);
        return op === 'lt' ? order < 0 : op === 'le' ? order <= 0 : op === 'gt' ? order > 0 : order >= 0;
      });
  }
}

/** Patterns over run attributes are matched here, over short texts; those over rows are the engine's. */
function matcher(pattern: string): (one: unknown) => boolean {
  const regex = compilePattern(pattern);
  return (one) => regex.matcher(asText(one)).find();
}

/** A text as it is, anything else as JSON: `String` would call what a logged object has under `toString`. */
export const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/**
 * Equal as JSON; a number also equals any text of it, `1e-6` as well as `0.000001`: a variable of a dashboard is always
 * text, and YAML makes a text of some numbers in a config.
 */
function equal(a: unknown, b: unknown): boolean {
  if (asText(a) === asText(b)) {
    return true;
  }
  const [number, text] = typeof a === 'number' ? [a, b] : [b, a];
  return typeof number === 'number' && typeof text === 'string' && text.trim() !== '' && Number(text) === number;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && b !== '' && Number.isFinite(Number(b))) {
    return a - Number(b);
  }
  const [left, right] = [asText(a), asText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareNullsLast(a: unknown, b: unknown, descending: boolean): number {
  if (a === undefined || b === undefined) {
    return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  }
  return descending ? compare(b, a) : compare(a, b);
}
