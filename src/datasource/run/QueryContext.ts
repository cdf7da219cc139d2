import type { DataLink, TimeRange } from '@grafana/data';
import type { StoreClient } from '../http/StoreClient';
import type { Known } from '../known/Known';

/** What a query needs beside itself. */
export interface QueryContext {
  client: StoreClient;
  known: Known;
  /** Of the data source instance. */
  uid: string;
  range: TimeRange;
  maxDataPoints?: number | undefined;
  /** Of every point, the one to its rollouts first. */
  links?: readonly DataLink[];
  /** The panel shows every field of numbers as a figure. */
  takesFigures?: boolean;
  /** Of every event. */
  linkTo?: (run: string, step: number | undefined) => string;
  signal?: AbortSignal | undefined;
}
