import { historyLabel, summaryLabel } from '@rolloscope/contract/names';
import type { StoreQuery } from './query';

/** The query as one writes it, where it can be written so. */
export function queryText(query: StoreQuery): string | undefined {
  switch (query.queryType) {
    case 'rows':
      return query.table === ''
        ? undefined
        : query.rows === 'latest' && !query.step
          ? summaryLabel(query.table)
          : historyLabel(query.table);
    case 'metrics':
      return query.metrics.length === 0 ? undefined : query.metrics.map(historyLabel).join('  ');
    default:
      return undefined;
  }
}
