import { LIMITS } from '@rolloscope/contract';
import { compareTexts, foldCase } from '@rolloscope/contract/texts';
import type { MetricListAnswer, MetricListRequest } from '@rolloscope/contract/types';
import { sorted } from '../pacing/sorted';
import { jsonNumber } from '../runs/RunIndex';
import { Turn } from '../Turn';
import { metricsOf } from './chooseNames';
import { chooseRuns } from './chooseRuns';
import type { ReadContext } from './ReadContext';

/** The metrics of runs by name, each summed up over them. */
export async function readMetricList(
  { engine, seen }: ReadContext,
  request: MetricListRequest,
): Promise<MetricListAnswer> {
  const { entries, missing } = await chooseRuns(seen, request.runs);
  const needle = foldCase(request.q ?? '');
  const turn = new Turn(seen.signal);
  const fitting: string[] = [];
  await turn.all(await metricsOf(entries, seen.signal), (name) => {
    if (foldCase(name).includes(needle)) {
      fitting.push(name);
    }
  });
  const names = await sorted(fitting, compareTexts, turn);
  const limit = request.limit ?? LIMITS.listEntries;
  const scopes = entries.map((entry) => seen.scope(entry));
  const found = await engine.metricSummaries(scopes, names.slice(0, limit));
  return {
    metrics: found.map(({ firstStep, lastStep, min, max, last, ...metric }) => ({
      ...metric,
      last: jsonNumber(last),
      ...(firstStep !== null && { firstStep }),
      ...(lastStep !== null && { lastStep }),
      ...(min !== null && { min }),
      ...(max !== null && { max }),
    })),
    ...(missing.length > 0 && { missing: { runs: missing } }),
    ...(names.length > limit && { truncated: true }),
  };
}
