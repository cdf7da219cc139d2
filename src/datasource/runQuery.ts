import type { DataFrame, DataLink, TimeRange } from '@grafana/data';
import { LIMITS } from '@rolloscope/contract/limits';
import type { EventsAnswer, MetricsAnswer, RowsAnswer, Run, RunsAnswer } from '@rolloscope/contract/types';
import { eventsFrame } from './frames/eventsFrame';
import { metricsFrames } from './frames/metricsFrames';
import { rowsFrame } from './frames/rowsFrame';
import { runsFrame } from './frames/runsFrame';
import { statusFrame } from './frames/statusFrame';
import { StoreFailure } from './http/failure';
import { NOT_THERE, type StoreClient } from './http/StoreClient';
import type { EventsQuery, MetricsQuery, RunChoice, StoreQuery } from './query';
import { idFilter, metricsRequest, rowsRequest, runSelector } from './toRequest';

/** What a query needs beside itself. */
export interface QueryContext {
  client: StoreClient;
  /** Of the data source instance. */
  uid: string;
  range: TimeRange;
  maxDataPoints?: number | undefined;
  link?: DataLink;
  signal?: AbortSignal;
}

const MAX_RUNS = LIMITS.conditions;
/** Ids that fit into the address of a request. */
const MAX_RUNS_OF_EVENTS = 50;

/** The frames of one query, whose variables are filled in. Throws a `StoreFailure`, or what is wrong with the query. */
export async function runQuery(query: StoreQuery, context: QueryContext): Promise<DataFrame[]> {
  const { client, uid, signal } = context;
  switch (query.queryType) {
    case 'metrics':
      return metrics(query, context);
    case 'rows': {
      const body = rowsRequest(query);
      return [
        rowsFrame(await client.post<RowsAnswer>('/query/rows', body, { has: 'rows', signal }), body, uid, query.refId),
      ];
    }
    case 'runs': {
      const { runs, more } = await selectRuns(query.runs, MAX_RUNS, context);
      return [runsFrame(runs, query.metrics ?? [], query.refId, more)];
    }
    case 'status': {
      const [run] = (await selectRuns(query.runs, 1, context)).runs;
      if (!run) {
        return [];
      }
      const body = { runs: [run.id], metrics: [query.accuracy] };
      const isLogged = run.summary !== undefined && query.accuracy in run.summary;
      const post = () => client.post<MetricsAnswer>('/query/metrics', body, { has: 'series', signal });
      return [statusFrame(run, isLogged ? await post() : undefined, query.accuracy, query.refId)];
    }
    case 'events':
      return events(query, context);
    case 'groups':
    case 'compare':
      throw new Error(`This version draws no ${query.queryType}.`);
  }
}

async function metrics(query: MetricsQuery, context: QueryContext): Promise<DataFrame[]> {
  const { client, signal, link, range, maxDataPoints } = context;
  const ask = async (times?: { from: number; to: number }) => {
    const body = metricsRequest(query, maxDataPoints, times);
    const post = client.post<MetricsAnswer>('/query/metrics', body, { has: 'series', signal });
    // Patterns that fit nothing are an empty answer; a name that nobody logged is a mistake, and said.
    const isPattern = query.metrics.every((name) => name.includes('*'));
    return { body, answer: await (isPattern ? post.catch(noSeries) : post) };
  };
  let asked = query.x.by === 'time' ? await ask({ from: range.from.valueOf(), to: range.to.valueOf() }) : await ask();
  const isOutside = query.x.by === 'time' && asked.answer.series.every(({ value }) => value.length === 0);
  if (isOutside) {
    // Points outside the range: Grafana's charts then say so and offer to go there, instead of "No data".
    asked = await ask();
  }
  const { body, answer } = asked;
  const runs = await runsById(
    answer.series.map(({ run }) => run),
    context,
  );
  const frames = metricsFrames(answer, { query, runs, isOutside, ...(link && { link }) });
  const executedQueryString = JSON.stringify(body, null, 2);
  return frames.map((frame) => ({ ...frame, meta: { ...frame.meta, executedQueryString } }));
}

function noSeries(error: unknown): MetricsAnswer {
  if (error instanceof StoreFailure && error.code === 'metric_not_found') {
    return { series: [], asOf: '' };
  }
  throw error;
}

async function runsById(ids: readonly string[], { client, signal }: QueryContext): Promise<Map<string, Run>> {
  if (ids.length === 0) {
    return new Map();
  }
  const body = { where: idFilter(ids), limit: MAX_RUNS };
  const { runs } = await client.post<RunsAnswer>('/query/runs', body, { has: 'runs', signal });
  return new Map(runs.map((run) => [run.id, run]));
}

async function selectRuns(choice: RunChoice, limit: number, { client, signal }: QueryContext) {
  const selector = runSelector(choice);
  const { where, orderBy } = Array.isArray(selector) ? { where: idFilter(selector) } : selector;
  const body = {
    where,
    ...(orderBy && { orderBy }),
    include: ['config', 'summary'],
    limit: Math.min(limit, choice.by === 'filter' ? (choice.limit ?? limit) : limit),
  };
  const answer = await client.post<RunsAnswer>('/query/runs', body, { has: 'runs', signal });
  const isCapped = answer.nextCursor !== undefined && body.limit === MAX_RUNS;
  return { runs: answer.runs, more: isCapped };
}

/** Of no run that is there is no event: an annotation is never an error for that. */
async function events(query: EventsQuery, context: QueryContext): Promise<DataFrame[]> {
  const { client, signal, range } = context;
  const selector = runSelector(query.runs);
  const isAll = !Array.isArray(selector) && selector.where.length === 0 && selector.limit === undefined;
  const chosen = async () =>
    Array.isArray(selector)
      ? selector
      : (await selectRuns(query.runs, MAX_RUNS_OF_EVENTS, context)).runs.map(({ id }) => id);
  const ids = isAll ? undefined : (await chosen()).slice(0, MAX_RUNS_OF_EVENTS);
  if (ids?.length === 0) {
    return [];
  }
  const list = (texts: readonly string[]) => texts.map(encodeURIComponent).join(',');
  try {
    const params = {
      from: Math.max(0, range.from.valueOf()),
      to: Math.max(0, range.to.valueOf()),
      ...(ids && { run: list(ids) }),
      ...(query.types && query.types.length > 0 && { types: list(query.types) }),
    };
    return [eventsFrame(await client.get<EventsAnswer>('/events', { has: 'events', signal }, params), query.refId)];
  } catch (error) {
    if (error instanceof StoreFailure && error.code && NOT_THERE.has(error.code)) {
      return [];
    }
    throw error;
  }
}
