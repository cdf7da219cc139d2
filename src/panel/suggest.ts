import type { PanelDataSummary, VisualizationSuggestionsSupplier } from '@grafana/data';
import { describeColumns, isRolloutTable } from './data/describeColumns';
import { rowsMeta } from './data/readTable';
import type { PanelOptions } from './options';

/** The score that comes before anything that Grafana itself would draw of a table. */
const BEST = 100;

type Supplier = VisualizationSuggestionsSupplier<PanelOptions>;

/** Curves by step are for a panel of Grafana's own, which nobody offers: a suggestion may name another plugin. */
const TREND = { name: 'Trend by step', pluginId: 'trend', score: BEST, options: { xField: 'Step' } as object };

const hasRollouts = ({ rawFrames = [] }: Pick<PanelDataSummary, 'rawFrames'>) =>
  rawFrames.some((frame) => isRolloutTable(describeColumns(frame, rowsMeta(frame))));

const isBySteps = ({ rawFrames = [] }: Pick<PanelDataSummary, 'rawFrames'>) =>
  rawFrames.length === 1 &&
  rawFrames[0]?.fields[0]?.name === 'Step' &&
  rawFrames[0].meta?.preferredVisualisationPluginId === 'trend';

const suggestions: Supplier = (summary) =>
  hasRollouts(summary) ? [{ name: 'Rollouts', score: BEST }] : isBySteps(summary) ? [TREND] : undefined;

/**
 * Offers the panel where the data has rollouts. Since 12.4 Grafana calls a function; before, it called a method of an
 * object, of its own panels only.
 */
export const suggest = Object.assign(suggestions, { getSuggestionsForData: () => undefined });
