import type { DataFrame } from '@grafana/data';
import type { StoreQuery } from '../query';
import { reasonFrame } from './metricsFrames';
import { unknownStatus } from './statusFrame';

/**
 * Makes frames in place of an answer that does not come, and says why. A panel without any frame says what its
 * dashboard has for a run that logs no such data, or, as Trend does, that it misses an axis.
 */
export function unknownFrames(query: StoreQuery, why: string, state = 'unknown'): DataFrame[] {
  switch (query.queryType) {
    case 'metrics':
      return [{ ...reasonFrame(query, why), meta: {} }];
    case 'status':
      return [unknownStatus(query.refId, state)];
    default:
      return [];
  }
}
