import type { Access } from '../Access';
import type { Dots } from './aggregators';
import { OpenTsdbError } from './OpenTsdbError';
import type { Tags } from './runTags';

export interface TaggedDots {
  tags: Tags;
  dots: Dots;
}

/** What is asked of a series source. */
export interface SourceQuery {
  /** Whether a series with these tags is wanted. */
  fits(tags: Tags): boolean;
  start: number;
  end: number;
  access: Access;
}

export const MOST_SERIES = 1_000;
export const MOST_POINTS = 2_000_000;

/** Refuses what would take too long to read, and to draw. */
export function withinLimits(found: TaggedDots[]): TaggedDots[] {
  const points = found.reduce((sum, { dots }) => sum + dots.time.length, 0);
  if (found.length > MOST_SERIES) {
    throw tooMuch(`${found.length} series; the limit is ${MOST_SERIES}`);
  }
  if (points > MOST_POINTS) {
    throw tooMuch(`${points} points; the limit is ${MOST_POINTS}`);
  }
  return found;
}

export const tooMuch = (what: string) =>
  new OpenTsdbError(413, `The query asks for ${what}. Narrow it by tags, choose a shorter time, or downsample.`);
