import type { DataFrame } from '@grafana/data';
import { LIMITS } from '@rolloscope/contract/limits';
import type { GroupsRequest } from '@rolloscope/contract/types';
import { compareFrame } from '../frames/compareFrame';
import { groupsFrame } from '../frames/groupsFrame';
import { runsFrame } from '../frames/runsFrame';
import { withRunsMeta } from '../frames/runsMeta';
import { statusFrame } from '../frames/statusFrame';
import type { GroupsQuery, MetricsQuery, RowsQuery, StatusQuery, StoreQuery } from '../query';
import { rowSelection, runSelector, stepSelection } from '../toRequest';
import { atNearestStep } from './atNearestStep';
import type { QueryContext } from './QueryContext';
import { runEvents } from './runEvents';
import { MOST_RUNS, selectRuns } from './selectRuns';

const GROUPS = 500;
/** The most runs among which a query of the status looks for the one that it shows. */
const MOST_RUNS_OF_STATUS = 10;

/**
 * The frames of one query that is answered once, whose variables are filled in; metrics and rows go on (`Chart`,
 * `RowsTail`). Throws a `StoreFailure`, or what is
 * wrong with the query.
 */
export async function runQuery(
  query: Exclude<StoreQuery, MetricsQuery | RowsQuery>,
  context: QueryContext,
): Promise<DataFrame[]> {
  switch (query.queryType) {
    case 'groups':
      return groups(query, context);
    case 'runs': {
      const { metrics = [] } = query;
      // The last values of all metrics weigh more than all else that is known of a run.
      const include = metrics.length > 0 ? (['config', 'summary'] as const) : (['config'] as const);
      const { runs, more } = await selectRuns(query.runs, MOST_RUNS, context, [...include]);
      return [withRunsMeta(runsFrame(runs, metrics, query.refId, more), runs, context.uid)];
    }
    case 'compare': {
      const { runs } = await selectRuns(query.runs, MOST_RUNS, context);
      return [compareFrame(runs, query.all ?? false, query.refId)];
    }
    case 'status':
      return status(query, context);
    case 'events':
      return runEvents(query, context);
  }
}

async function groups(asked: GroupsQuery, context: QueryContext): Promise<DataFrame[]> {
  const { client, known, signal, links } = context;
  const { refId, ...rest } = asked;
  const compareTo = comparison(asked.compareTo);
  const load = async () => {
    const { query, notice } = await atNearestStep(asked, context);
    const body: GroupsRequest = {
      ...rowSelection(query),
      ...(compareTo && { compareTo }),
      ...(query.orderBy && { orderBy: query.orderBy }),
      limit: Math.min(query.limit ?? GROUPS, LIMITS.pageRows),
    };
    const answer = await client.ask('queryGroups', { body }, signal);
    return { answer, body, notice, asOf: answer.asOf };
  };
  const chosen = runSelector(asked.runs);
  const compared = compareTo?.run === undefined ? [] : [compareTo.run];
  const runs = Array.isArray(chosen) ? [...chosen, ...compared] : chosen;
  const read = await known.tables.read(JSON.stringify(rest), { runs, table: asked.table }, load, signal);
  return [groupsFrame(read.answer, read.body, refId, { link: links?.[0], notice: read.notice })];
}

/** Returns what the prompts are compared with; undefined where its variables are empty. Throws unless `step` is one. */
function comparison({ run, step }: NonNullable<GroupsQuery['compareTo']> = {}): GroupsRequest['compareTo'] {
  const { steps } = stepSelection(step);
  if (step && (steps?.from === undefined || steps.from !== steps.to)) {
    throw new Error(`Prompts are compared with one step, and "${step}" is none: write one such as 70.`);
  }
  return run || steps?.from !== undefined
    ? { ...(run && { run }), ...(steps?.from !== undefined && { step: steps.from }) }
    : undefined;
}

async function status(query: StatusQuery, context: QueryContext): Promise<DataFrame[]> {
  const { runs } = await selectRuns(query.runs, MOST_RUNS_OF_STATUS, context);
  // A job is judged by the part of it that evaluates.
  const run = runs.find(({ summary = {} }) => query.accuracy in summary) ?? runs[0];
  if (!run) {
    return [];
  }
  const body = { runs: [run.id], metrics: [query.accuracy] };
  const isLogged = run.summary !== undefined && query.accuracy in run.summary;
  const { client, known, signal } = context;
  const post = () => client.ask('queryMetrics', { body }, signal);
  const evals = isLogged ? await known.runs.unchanged(run, body, post) : undefined;
  return [statusFrame(run, evals, query.accuracy, query.refId)];
}
