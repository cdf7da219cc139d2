import type { DataSourceApi } from '@grafana/data';
import type { StoreClient } from './http/StoreClient';
import type { RunsOptions, StoreQuery } from './query';

/** The data source, as far as its editors and variables know it. */
export interface StoreSource extends DataSourceApi<StoreQuery, RunsOptions> {
  readonly client: StoreClient;
}
