import { binEdges, QUANTILES, stepsPerBucket } from '@rolloscope/contract/bins';
import type { GridData, HistogramData, RowQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Read } from '../Reads';
import { failedSql, numberSql } from './columnSql';
import { SQUARE_LIMIT } from './pointsSql';
import { selectRows, type Texts } from './rowsSql';
import { num } from './scopeSql';

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

/** Makes SQL of about which bin a value is in: a division may be off by one at an edge. */
function guessSql(value: string, edges: number[]): string {
  const bins = edges.length - 1;
  const [low, high] = [(edges[0] ?? 0) / 2, (edges[bins] ?? 0) / 2];
  const share = `(${value} / 2 - (${num(low)})) / ${num(high - low)}`;
  return bins === 1 ? '0' : `least(${bins - 1}, greatest(0, floor(${share} * ${bins})))::INTEGER`;
}

/** Makes SQL of the bin by the edges themselves, since a filter made of them must find what the bin counts. */
function binSql(value: string, guess: string, edges: number[]): string {
  const bins = edges.length - 1;
  const list = `[${edges.map(num).join(', ')}]`;
  const isBelow = `(${value} < list_extract(${list}, ${guess} + 1))::INTEGER`;
  const isAbove = `(${value} >= list_extract(${list}, ${guess} + 2))::INTEGER`;
  return `least(${bins - 1}, ${guess} - ${isBelow} + ${isAbove})`;
}

export async function readHistogram(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  column: string,
  bins: number,
): Promise<HistogramData> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return { edges: [], steps: [], total: 0 };
  }
  const failed = failedSql(selected.columns);
  const rows = `(SELECT step, ${numberSql(selected.columns, column)} AS value, ${failed ?? 'NULL'} AS hasFailed FROM ${selected.from}
                 WHERE ${selected.where} AND step IS NOT NULL)`;
  const extent = await read(
    `SELECT min(value) FILTER (isfinite(value)), max(value) FILTER (isfinite(value)), min(step)::DOUBLE, max(step)::DOUBLE,
            count(DISTINCT step)::DOUBLE, count(*)::DOUBLE FROM ${rows}`,
    selected.values,
  );
  const [low, high, first, last, distinct, total] = [0, 1, 2, 3, 4, 5].map(
    (i) => extent.at<number | null>(i)[0] ?? null,
  );
  if (!total || first === null || first === undefined || last === null || last === undefined) {
    return { edges: [], steps: [], total: 0 };
  }
  const width = stepsPerBucket(first, last, distinct ?? 0);
  const edges = low === null || low === undefined ? [] : binEdges(low, high ?? low, bins);
  const bucket = `floor(step / ${width}.0)`;
  const stats = await read(
    `SELECT ${bucket} AS bucket, count(value)::DOUBLE, (count(*) - count(value))::DOUBLE,
            avg(value) FILTER (isfinite(value)), stddev_pop(value) FILTER (abs(value) < ${SQUARE_LIMIT}),
            min(value) FILTER (isfinite(value)), max(value) FILTER (isfinite(value)),
            quantile_cont(value, [${QUANTILES.join(', ')}]) FILTER (isfinite(value)),
            min(step)::DOUBLE, max(step)::DOUBLE, ${failed ? '(count(*) FILTER (hasFailed))::DOUBLE' : 'NULL'}
     FROM ${rows} GROUP BY bucket ORDER BY bucket`,
    selected.values,
  );
  const counts = new Map<number, number[]>();
  if (edges.length > 0) {
    const binned = await read(
      `SELECT ${bucket} AS bucket, ${binSql('value', 'guess', edges)} AS bin, count(*)::DOUBLE
       FROM (SELECT step, value, ${guessSql('value', edges)} AS guess FROM ${rows} WHERE isfinite(value))
       GROUP BY bucket, bin`,
      selected.values,
    );
    for (let i = 0; i < binned.count; i++) {
      const b = binned.at<number>(0)[i] ?? 0;
      const of = counts.get(b) ?? new Array<number>(edges.length - 1).fill(0);
      counts.set(b, of);
      of[binned.at<number>(1)[i] ?? 0] = binned.at<number>(2)[i] ?? 0;
    }
  }
  const steps = stats.at<number>(0).map((b, i) => {
    const value = (column: number) => stats.at<number | null>(column)[i] ?? null;
    return {
      from: width === 1 ? (value(8) ?? 0) : b * width,
      to: width === 1 ? (value(9) ?? 0) : b * width + width - 1,
      counts: counts.get(b) ?? new Array<number>(Math.max(0, edges.length - 1)).fill(0),
      n: value(1) ?? 0,
      nulls: value(2) ?? 0,
      failed: value(10),
      mean: finite(value(3)),
      sd: value(4),
      min: value(5),
      max: value(6),
      quantiles: (stats.at<number[] | null>(7)[i] ?? null) as number[] | null,
    };
  });
  return { edges, steps, total };
}

export async function readGrid(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  columns: { column: string; by: string; bins: number; byBins: number },
): Promise<GridData> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return { edges: [], byEdges: [], counts: [], total: 0 };
  }
  const rows = `(SELECT ${numberSql(selected.columns, columns.column)} AS x, ${numberSql(selected.columns, columns.by)} AS y
                 FROM ${selected.from} WHERE ${selected.where})`;
  const extent = await read(
    `SELECT min(x), max(x), min(y), max(y), count(*)::DOUBLE FROM ${rows} WHERE isfinite(x) AND isfinite(y)`,
    selected.values,
  );
  const [minX, maxX, minY, maxY, total] = [0, 1, 2, 3, 4].map((i) => extent.at<number | null>(i)[0] ?? 0);
  if (!total) {
    return { edges: [], byEdges: [], counts: [], total: 0 };
  }
  const edges = binEdges(minX ?? 0, maxX ?? 0, columns.bins);
  const byEdges = binEdges(minY ?? 0, maxY ?? 0, columns.byBins);
  const counts = edges.slice(1).map(() => new Array<number>(byEdges.length - 1).fill(0));
  const binned = await read(
    `SELECT ${binSql('x', 'xGuess', edges)} AS xBin, ${binSql('y', 'yGuess', byEdges)} AS yBin, count(*)::DOUBLE
     FROM (SELECT x, y, ${guessSql('x', edges)} AS xGuess, ${guessSql('y', byEdges)} AS yGuess
           FROM ${rows} WHERE isfinite(x) AND isfinite(y)) GROUP BY xBin, yBin`,
    selected.values,
  );
  for (let k = 0; k < binned.count; k++) {
    const line = counts[binned.at<number>(0)[k] ?? 0];
    if (line) {
      line[binned.at<number>(1)[k] ?? 0] = binned.at<number>(2)[k] ?? 0;
    }
  }
  return { edges, byEdges, counts, total };
}
