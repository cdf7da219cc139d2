import type { StoreClient } from '../http/StoreClient';
import { KnownMetrics } from './KnownMetrics';
import { KnownRuns } from './KnownRuns';
import { KnownTables } from './KnownTables';
import { MetricsBatch } from './MetricsBatch';

/** The knowledge that one data source instance has of its store. */
export class Known {
  readonly metrics: KnownMetrics;
  readonly runs = new KnownRuns();
  readonly tables: KnownTables;

  constructor(client: StoreClient) {
    this.metrics = new KnownMetrics(new MetricsBatch(client));
    this.tables = new KnownTables(client);
  }
}
