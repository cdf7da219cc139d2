import type { DataFrame } from '@grafana/data';
import type { EventsAnswer, MetricsAnswer, RunEvent } from '@rolloscope/contract/types';
import { eventsFrame } from '../frames/eventsFrame';
import { markedSteps } from '../frames/markedSteps';
import { StoreFailure } from '../http/failure';
import { NOT_THERE } from '../http/StoreClient';
import type { EventsQuery } from '../query';
import { runSelector } from '../toRequest';
import type { QueryContext } from './QueryContext';
import { runsById, selectRuns } from './selectRuns';

/** Ids that fit into the address of a request. */
const MOST_RUNS_OF_EVENTS = 50;

/** Run events, and the marked step, as annotations. Of no run that is there is no event: that is never an error. */
export async function runEvents(query: EventsQuery, context: QueryContext): Promise<DataFrame[]> {
  const ids = await chosenIds(query, context);
  if (ids?.length === 0) {
    return [];
  }
  const [answer, marks] = await Promise.all([askEvents(query, context, ids), askMarks(query, context, ids ?? [])]);
  const events = [...answer.events, ...marks].sort((a, b) => a.time - b.time);
  if (events.length === 0) {
    // A panel has a sentence for nothing; of a frame without rows it shows the heads of the columns.
    return [];
  }
  const runs = await runsById([...new Set(events.map(({ run }) => run))], context);
  const { linkTo } = context;
  return [eventsFrame({ ...answer, events }, { refId: query.refId, runs, ...(linkTo && { linkTo }) })];
}

/** Returns the ids of the chosen runs; undefined where every run is asked for. */
async function chosenIds(query: EventsQuery, context: QueryContext): Promise<string[] | undefined> {
  const selector = runSelector(query.runs);
  if (Array.isArray(selector)) {
    return selector.slice(0, MOST_RUNS_OF_EVENTS);
  }
  const isAll = selector.where.length === 0 && selector.limit === undefined;
  return isAll ? undefined : (await selectRuns(query.runs, MOST_RUNS_OF_EVENTS, context, [])).runs.map(({ id }) => id);
}

async function askEvents(asked: EventsQuery, { client, signal, range }: QueryContext, ids?: readonly string[]) {
  const list = (texts: readonly string[]) => texts.map(encodeURIComponent).join(',');
  const query = {
    from: String(Math.max(0, range.from.valueOf())),
    to: String(Math.max(0, range.to.valueOf())),
    ...(ids && { run: list(ids) }),
    ...(asked.types && asked.types.length > 0 && { types: list(asked.types) }),
  };
  const none: EventsAnswer = { events: [] };
  return client.ask('events', { query }, signal).catch(orNone(none));
}

/** Asks when the marked steps were logged, from the run's first point of the step to its last. */
async function askMarks(query: EventsQuery, { client, signal }: QueryContext, runs: string[]): Promise<RunEvent[]> {
  const none: MetricsAnswer = { series: [], asOf: '' };
  const steps = runs.length === 0 ? [] : markedSteps(query.mark);
  const found = await Promise.all(
    steps.map((step) => {
      const body = { runs, metrics: ['*'], steps: { from: step, to: step }, reduce: 'none' as const };
      return client.ask('queryMetrics', { body }, signal).catch(orNone(none));
    }),
  );
  return found.flatMap(({ series }, i) => {
    const step = steps[i] ?? 0;
    return [...new Set(series.map(({ run }) => run))].map((run): RunEvent => {
      const times = series.filter((one) => one.run === run).flatMap(({ time }) => time);
      const time = Math.max(...times);
      return { id: `step-${step}`, run, type: 'step', time, step, title: `Step ${step}` };
    });
  });
}

const orNone =
  <T>(none: T) =>
  (error: unknown): T => {
    if (error instanceof StoreFailure && error.code && NOT_THERE.has(error.code)) {
      return none;
    }
    throw error;
  };
