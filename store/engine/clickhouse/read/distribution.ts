import { binEdges, QUANTILES, stepsPerBucket } from '@rolloscope/contract/bins';
import type { GridData, HistogramData, RowQuery } from '../../EngineReads';
import { failedSql, numberSql } from './columnSql';
import { selectRows } from './rowsSql';
import { num } from './scopeSql';
import { deviationSql } from './statistics';
import type { Reading } from './TableView';

const finite = (value: number | null | undefined) =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;

/** Makes SQL of about which bin a value is in: a division may be off by one at an edge. */
function guessSql(value: string, edges: number[]): string {
  const bins = edges.length - 1;
  const [low, high] = [(edges[0] ?? 0) / 2, (edges[bins] ?? 0) / 2];
  const share = `(${value} / 2 - (${num(low)})) / ${num(high - low)}`;
  return bins === 1 ? '0' : `toInt32(least(${bins - 1}, greatest(0, floor(${share} * ${bins}))))`;
}

/** Makes SQL of the bin by the edges themselves, since a filter made of them must find what the bin counts. */
function binSql(value: string, guess: string, edges: number[]): string {
  const bins = edges.length - 1;
  const list = `[${edges.map((edge) => `toFloat64(${num(edge)})`).join(', ')}]`;
  return `least(${bins - 1}, ${guess} - (${value} < ${list}[${guess} + 1]) + (${value} >= ${list}[${guess} + 2]))`;
}

export async function readHistogram(
  reading: Reading,
  query: RowQuery,
  column: string,
  bins: number,
): Promise<HistogramData> {
  const nothing = { edges: [], steps: [], total: 0 };
  const selected = await selectRows(reading, query);
  if (!selected) {
    return nothing;
  }
  const { server } = reading;
  const failed = failedSql(selected.columns);
  const rows = `(SELECT assumeNotNull(step) AS step, ${numberSql(selected.columns, column)} AS value,
                        ifNull(isFinite(value), false) AS isFound, ${failed ?? 'false'} AS hasFailed
                 FROM ${selected.from} WHERE (${selected.where}) AND step IS NOT NULL)`;
  const extent = await server.read(
    `SELECT minOrNullIf(value, isFound), maxOrNullIf(value, isFound), min(step), max(step), uniqExact(step), count() FROM ${rows}`,
    selected.parameters,
  );
  const at = (i: number) => extent.numbers<number | null>(i)[0] ?? null;
  const [low, high, first, last, distinct, total] = [at(0), at(1), at(2) ?? 0, at(3) ?? 0, at(4) ?? 0, at(5)];
  if (!total) {
    return nothing;
  }
  const width = stepsPerBucket(first, last, distinct);
  const edges = low === null ? [] : binEdges(low, high ?? low, bins);
  const bucket = `floor(step / ${width})`;
  const stats = await server.read(
    `SELECT ${bucket} AS bucket, count(value), count() - count(value), avgOrNullIf(value, isFound), ${deviationSql('value')},
            minOrNullIf(value, isFound), maxOrNullIf(value, isFound),
            quantilesExactInclusiveIf(${QUANTILES.join(', ')})(value, isFound), countIf(isFound), min(step), max(step),
            ${failed ? 'countIf(hasFailed)' : 'NULL'}
     FROM ${rows} GROUP BY bucket ORDER BY bucket`,
    selected.parameters,
  );
  const counts = new Map<number, number[]>();
  const none = () => new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  if (edges.length > 0) {
    const binned = await server.read(
      `SELECT ${bucket} AS bucket, ${binSql('value', 'guess', edges)} AS bin, count()
       FROM (SELECT step, assumeNotNull(value) AS value, ${guessSql('value', edges)} AS guess FROM ${rows} WHERE isFound)
       GROUP BY bucket, bin`,
      selected.parameters,
    );
    binned.at<number>(0).forEach((b, i) => {
      const of = counts.get(b) ?? none();
      counts.set(b, of);
      of[binned.at<number>(1)[i] ?? 0] = binned.at<number>(2)[i] ?? 0;
    });
  }
  const numbers = Array.from({ length: 12 }, (_, i) => (i === 7 ? [] : stats.numbers<number | null>(i)));
  const steps = stats.at<number>(0).map((b, i) => {
    const value = (c: number) => numbers[c]?.[i] ?? null;
    return {
      from: width === 1 ? (value(9) ?? 0) : b * width,
      to: width === 1 ? (value(10) ?? 0) : b * width + width - 1,
      counts: counts.get(b) ?? none(),
      n: value(1) ?? 0,
      nulls: value(2) ?? 0,
      failed: value(11),
      mean: finite(value(3)),
      sd: finite(value(4)),
      min: value(5),
      max: value(6),
      quantiles: (value(8) ?? 0) > 0 ? (stats.at<number[]>(7)[i] ?? null) : null,
    };
  });
  return { edges, steps, total };
}

export async function readGrid(
  reading: Reading,
  query: RowQuery,
  columns: { column: string; by: string; bins: number; byBins: number },
): Promise<GridData> {
  const nothing = { edges: [], byEdges: [], counts: [], total: 0 };
  const selected = await selectRows(reading, query);
  if (!selected) {
    return nothing;
  }
  const [x, y] = [columns.column, columns.by].map((name) => numberSql(selected.columns, name));
  const rows = `(SELECT assumeNotNull(x) AS x, assumeNotNull(y) AS y
                 FROM (SELECT ${x} AS x, ${y} AS y FROM ${selected.from} WHERE ${selected.where})
                 WHERE isFinite(x) AND isFinite(y))`;
  const extent = await reading.server.read(
    `SELECT min(x), max(x), min(y), max(y), count() FROM ${rows}`,
    selected.parameters,
  );
  const [minX, maxX, minY, maxY, total] = [0, 1, 2, 3, 4].map((i) => extent.first<number>(i) ?? 0);
  if (!total) {
    return nothing;
  }
  const edges = binEdges(minX ?? 0, maxX ?? 0, columns.bins);
  const byEdges = binEdges(minY ?? 0, maxY ?? 0, columns.byBins);
  const counts = edges.slice(1).map(() => new Array<number>(byEdges.length - 1).fill(0));
  const binned = await reading.server.read(
    `SELECT ${binSql('x', 'xGuess', edges)} AS xBin, ${binSql('y', 'yGuess', byEdges)} AS yBin, count()
     FROM (SELECT x, y, ${guessSql('x', edges)} AS xGuess, ${guessSql('y', byEdges)} AS yGuess FROM ${rows})
     GROUP BY xBin, yBin`,
    selected.parameters,
  );
  binned.at<number>(0).forEach((bin, i) => {
    const line = counts[bin];
    if (line) {
      line[binned.at<number>(1)[i] ?? 0] = binned.at<number>(2)[i] ?? 0;
    }
  });
  return { edges, byEdges, counts, total };
}
