import { readParts, writeParts } from '../../shared/addressText';
/** The changes of a viewer: plain values, so that they travel in an address. Undefined: as the panel's options say. */
export interface MetricsView {
  search: string;
  log: boolean | undefined;
  /** Weight of an exponential average, 0 to below 1. */
  smoothing: number | undefined;
  /** The axis that charts are drawn over. */
  x: XAxis;
  /** Prefixes of the sections that are closed. */
  closed: readonly string[];
  /** The metric whose chart is shown alone. */
  only: string | undefined;
  /** The part of the x axis that is looked at: steps, or seconds since the start. */
  range: XRange | undefined;
}

export type XAxis = 'step' | 'elapsed';

export interface XRange {
  from: number;
  to: number;
}

/** The highest weight of smoothing: above it a line hardly moves any more. */
export const MOST_SMOOTHING = 0.99;

/** One value of the address for all of it; empty where nothing changed. */
export function writeView(view: MetricsView): string {
  const { search, log, smoothing, x, closed, only, range } = view;
  return writeParts([
    ['search', search === '' ? undefined : [search]],
    ['log', log === undefined ? undefined : [log ? 'on' : 'off']],
    ['smooth', smoothing === undefined ? undefined : [String(smoothing)]],
    ['x', x === 'step' ? undefined : [x]],
    ['closed', closed.length > 0 ? closed : undefined],
    ['only', only === undefined ? undefined : [only]],
    ['range', range && [String(range.from), String(range.to)]],
  ]);
}

/** Reads a view from an address; what cannot be read is left at its default, since anyone can write an address. */
export function readView(text: string): MetricsView {
  const parts = new Map(readParts(text));
  const [log] = parts.get('log') ?? [];
  const smoothing = numberOf(parts.get('smooth')?.[0]);
  const [from, to] = (parts.get('range') ?? []).map(numberOf);
  return {
    search: parts.get('search')?.[0] ?? '',
    log: log === 'on' ? true : log === 'off' ? false : undefined,
    smoothing: smoothing === undefined ? undefined : Math.min(MOST_SMOOTHING, Math.max(0, smoothing)),
    x: parts.get('x')?.[0] === 'elapsed' ? 'elapsed' : 'step',
    closed: parts.get('closed') ?? [],
    only: parts.get('only')?.[0],
    range: from !== undefined && to !== undefined && from < to ? { from, to } : undefined,
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}
