import type { DistributionAnswer, DistributionRequest } from '@rolloscope/contract/types';
import { writeAsOf } from './asOf';
import { chooseRows, requireColumn } from './chooseRows';
import type { ReadContext } from './ReadContext';

const DEFAULT_BINS = 20;

/** A histogram by step, or a grid of two columns. Throws what `chooseRows` does. */
export async function readDistribution(
  context: ReadContext,
  request: DistributionRequest,
): Promise<DistributionAnswer> {
  const { engine } = context;
  const { query, columns, missing } = await chooseRows(context, request);
  requireColumn(columns, request.table, request.column);
  const bins = request.bins ?? DEFAULT_BINS;
  const rest = { ...(missing && { missing }), asOf: writeAsOf(engine, query.position) };
  if (request.by === undefined || request.by === 'step') {
    const { edges, steps, total } = await engine.histogram(query, request.column, bins);
    const lines = steps.map(({ mean, sd, min, max, failed, quantiles, ...step }) => ({
      ...step,
      ...present({ mean, sd, min, max, failed }),
      ...(quantiles && { quantiles }),
    }));
    return { edges, steps: lines, total, ...rest };
  }
  requireColumn(columns, request.table, request.by);
  const grid = await engine.grid(query, request.column, request.by, bins, request.byBins ?? bins);
  return { edges: grid.edges, grid: { edges: grid.byEdges, counts: grid.counts }, total: grid.total, ...rest };
}

function present(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));
}
