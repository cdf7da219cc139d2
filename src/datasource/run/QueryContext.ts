import type { DataLink, TimeRange } from '@grafana/data';
import type { StoreClient } from '../http/StoreClient';
import type { Known } from '../known/Known';

/** The services and facts that a query needs beside itself. */
export interface QueryContext {
  client: StoreClient;
  known: Known;
  /** The uid of the data source instance. */
  uid: string;
  range: TimeRange;
  maxDataPoints?: number | undefined;
  /** People label rollouts here, also those of runs that are over. */
  labels?: boolean;
  /** The links that every point has, the one to its rollouts first. */
  links?: readonly DataLink[];
  /** The panel shows every field of numbers as a figure. */
  takesFigures?: boolean;
  /** The address of the rollouts that every event leads to. */
  linkTo?: (run: string, step: number | undefined) => string;
  signal?: AbortSignal | undefined;
}
