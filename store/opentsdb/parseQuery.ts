import { type Aggregator, aggregatorOf } from './aggregators';
import { type Downsample, parseDownsample } from './downsample';
import { badRequest } from './OpenTsdbError';
import { parseTime } from './parseTime';
import type { Spending } from './RequestCost';
import { parseRate, type Rate } from './rate';
import { TAG_KEYS } from './runTags';
import { parseFilters, type TagFilter } from './tagFilters';

/** One of the queries of a request. */
export interface MetricQuery {
  metric: string;
  /** Undefined for `none`: every series by itself. */
  aggregator: Aggregator | undefined;
  downsample: Downsample | undefined;
  rate: Rate | undefined;
  filters: TagFilter[];
  /** True where only series are wanted that have no tags but those filtered by. */
  explicitTags: boolean;
  /** The query as it was asked, for `showQuery`. Grafana reads its place among the queries there. */
  asked: object;
}

export interface TsdbRequest {
  /** Epoch milliseconds, both inclusive. */
  start: number;
  end: number;
  queries: MetricQuery[];
  /** Keys of points are milliseconds. */
  inMilliseconds: boolean;
  showQuery: boolean;
}

const MOST_QUERIES = 50;

/** The body of `POST /api/query`. Throws what is wrong with it, as OpenTSDB would. */
export async function parseTsdbRequest(body: unknown, now: number, spending: Spending): Promise<TsdbRequest> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body must be an object with start and queries.');
  }
  const { start, end, queries, msResolution, showQuery } = body as Record<string, unknown>;
  if (start === undefined || start === null) {
    throw badRequest('Missing start time.');
  }
  const from = parseTime(start, 'start', now);
  const to = end === undefined || end === null ? now : parseTime(end, 'end', now);
  if (from > to) {
    throw badRequest(`The end time ${to} is before the start time ${from}.`);
  }
  if (!Array.isArray(queries) || queries.length === 0) {
    throw badRequest('Missing queries: a list of at least one is needed.');
  }
  if (queries.length > MOST_QUERIES) {
    throw badRequest(`There are ${queries.length} queries; the limit is ${MOST_QUERIES}.`);
  }
  const parsed: MetricQuery[] = [];
  for (const [index, query] of queries.entries()) {
    parsed.push(await parseOne(query, index, spending));
  }
  return {
    start: from,
    end: to,
    queries: parsed,
    inMilliseconds: msResolution === true,
    showQuery: showQuery === true,
  };
}

async function parseOne(query: unknown, index: number, spending: Spending): Promise<MetricQuery> {
  const asked = (query ?? {}) as Record<string, unknown>;
  const { metric, aggregator, downsample, rate, rateOptions, tags, filters, explicitTags } = asked;
  if (typeof metric !== 'string' || metric === '') {
    throw badRequest('Missing metric: every query needs one.');
  }
  const found = aggregatorOf(aggregator);
  return {
    metric,
    aggregator: aggregator === 'none' ? undefined : found,
    downsample: parseDownsample(downsample),
    rate: rate === true ? parseRate(rateOptions) : undefined,
    filters: await parseFilters({ tags, filters, known: TAG_KEYS }, spending),
    explicitTags: explicitTags === true,
    asked: { ...asked, index },
  };
}
