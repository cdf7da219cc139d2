import type { StoreQuery } from './query';

/** Grafana's own panels that draw nothing without times. */
const OF_TIME: ReadonlySet<string> = new Set([
  'timeseries',
  'state-timeline',
  'status-history',
  'candlestick',
  'heatmap',
]);

/** Panels that make one number of each field of numbers: an x would be one of them. */
const OF_NUMBERS: ReadonlySet<string> = new Set(['stat', 'gauge', 'bargauge', 'piechart', 'radialbar']);

/** Says whether a panel takes every field of numbers for a figure to show. */
export const takesFigures = (panel: string | undefined): boolean => panel !== undefined && OF_NUMBERS.has(panel);

/** A query whose x axis is left to its panel, with the one that the panel draws. `panel`: the plugin's id, of Explore none. */
export function axisOfPanel(query: StoreQuery, panel: string | undefined): StoreQuery {
  return query.queryType === 'metrics' && query.x.by === 'auto'
    ? { ...query, x: { by: panel !== undefined && OF_TIME.has(panel) ? 'time' : 'step' } }
    : query;
}
