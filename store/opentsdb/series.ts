import type { Asker } from '../Access';
import type { Downsample } from './downsample';
import type { Spending } from './RequestCost';
import type { Tags } from './runTags';

/** Epoch milliseconds, and a value that JSON may not be able to carry: such a point is left out when it is told. */
export interface Datapoint {
  time: number;
  value: number;
}

/** Datapoints of a series, made while they are walked, so that nothing holds them all. Times ascending, each once. */
export type Datapoints = Iterable<Datapoint>;

export interface TaggedSeries {
  tags: Tags;
  /** Datapoints that there are at the most: known before any is made. */
  most: number;
  /** Milliseconds of which all times are multiples. */
  width: number;
  datapoints: Datapoints;
}

/** A question to a source of series. */
export interface SourceQuery extends Spending {
  /** Says whether a series with these tags is wanted. */
  fits(tags: Tags): boolean;
  /** Says whether some series of a run with these tags may be wanted. */
  fitsRun(tags: Tags): boolean;
  /** Epoch milliseconds, both inclusive. */
  start: number;
  end: number;
  downsample: Downsample | undefined;
  asker: Asker;
}
