import { RUN_ATTRIBUTES } from '@rolloscope/contract';
import { compareTexts, foldCase } from '@rolloscope/contract/texts';
import type { Run } from '@rolloscope/contract/types';
import type { RunEntry } from '../runs/RunEntry';
import type { SeenRuns } from '../runs/SeenRuns';

const ATTRIBUTES: ReadonlySet<string> = new Set(RUN_ATTRIBUTES);
/** Ways to read a path into a config that are tried: its keys may hold dots themselves. */
const MOST_WAYS = 2_000;

export const isAttribute = (key: string): boolean => ATTRIBUTES.has(key) || /^(config|summary)\./.test(key);

/** One value of a run, with what it is compared by: however many conditions ask, that is made once. */
export class RunValue {
  private written: string | undefined;
  private inOneCase: string | undefined;

  constructor(readonly raw: unknown) {}

  get text(): string {
    this.written ??= asText(this.raw);
    return this.written;
  }

  /** The text with its case folded. */
  get folded(): string {
    this.inOneCase ??= foldCase(this.text);
    return this.inOneCase;
  }
}

/** Tells whether a run has an attribute, as `RunValues` would, without what it has. */
export function hasAttribute(entry: RunEntry, key: (typeof RUN_ATTRIBUTES)[number]): boolean {
  const { record } = entry;
  switch (key) {
    case 'tag':
      return record.tags.length > 0;
    case 'group':
    case 'baseline':
    case 'parent':
    case 'finishedAt':
      return record[key] !== undefined;
    case 'lastStep':
    case 'lastTime':
      return entry[key] !== undefined;
    case 'resources.host':
    case 'resources.pod':
    case 'resources.namespace':
    case 'resources.slurmJob': {
      const field = key.slice('resources.'.length) as 'host' | 'pod' | 'namespace' | 'slurmJob';
      return record.resources?.some((resource) => resource[field] !== undefined) ?? false;
    }
    default:
      return true;
  }
}

/** The values of one run under the keys that are asked for, each looked up once. */
export class RunValues {
  private run: Run | undefined;
  private readonly known = new Map<string, readonly RunValue[]>();

  constructor(
    private readonly seen: SeenRuns,
    readonly entry: RunEntry,
  ) {}

  /** Returns several values for tags and resources, none where it has none. */
  of(key: string): readonly RunValue[] {
    const values = this.known.get(key) ?? this.find(key).map((value) => new RunValue(value));
    this.known.set(key, values);
    return values;
  }

  private find(key: string): readonly unknown[] {
    const { record, latest } = this.entry;
    if (key.startsWith('config.')) {
      const value = atPath(record.config, key.slice('config.'.length), { left: MOST_WAYS });
      return value === undefined ? [] : [value];
    }
    if (key.startsWith('summary.')) {
      const last = latest.get(key.slice('summary.'.length));
      return last ? [last.value] : [];
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
    this.run ??= this.seen.toRun(this.entry, { config: false, summary: false });
    const value = (this.run as Record<string, unknown>)[key];
    return value === undefined ? [] : [value];
  }
}

/** A value inside nested config: keys may hold dots themselves, so the longest key that fits wins. */
function atPath(config: Record<string, unknown>, path: string, ways: { left: number }): unknown {
  if (Object.hasOwn(config, path)) {
    return config[path];
  }
  for (let dot = path.lastIndexOf('.'); dot > 0 && ways.left > 0; dot = path.lastIndexOf('.', dot - 1)) {
    ways.left--;
    const inner = Object.hasOwn(config, path.slice(0, dot)) ? config[path.slice(0, dot)] : undefined;
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      const found = atPath(inner as Record<string, unknown>, path.slice(dot + 1), ways);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** A text as it is, anything else as JSON: `String` would call what a logged object has under `toString`. */
const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** Returns the number that a value is, or that its text says; undefined for anything else. */
export function numberIn({ raw }: RunValue): number | undefined {
  const number =
    typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
  return Number.isNaN(number) ? undefined : number;
}

/**
 * Numbers by size, where one of both is a number and the other says one; else by the characters of their texts, as a variable of a
 * dashboard is always text.
 */
export function compareValues(a: RunValue, b: RunValue): number {
  if (typeof a.raw === 'number' || typeof b.raw === 'number') {
    const [left, right] = [numberIn(a), numberIn(b)];
    if (left !== undefined && right !== undefined) {
      return left < right ? -1 : left > right ? 1 : 0;
    }
  }
  return compareTexts(a.text, b.text);
}
