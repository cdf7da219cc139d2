import { LIMITS } from '@rolloscope/contract/limits';
import type { RunBrief } from '@rolloscope/contract/types';
import type { RunChoice } from '../query';
import { runWhere } from '../toRequest';
import type { QueryContext } from './QueryContext';

/** Runs of a table, at most. */
export const MOST_RUNS = LIMITS.conditions;

type Context = Pick<QueryContext, 'client' | 'known' | 'signal'>;

/** Names, projects and baselines of runs that are known by their ids; one that is gone is left out. */
export async function runsById(
  ids: readonly string[],
  { client, known, signal }: Context,
): Promise<ReadonlyMap<string, RunBrief>> {
  const there = known.runs.all(ids);
  if (there) {
    return there;
  }
  const body = { ids: ids.slice(0, MOST_RUNS), limit: MOST_RUNS };
  const { runs } = await client.ask('queryRuns', { body }, signal);
  known.runs.keep(runs);
  return new Map(runs.map((run) => [run.id, run]));
}

/** Runs with config and last values, or as `include` says; `more` says that there are further ones than a table takes. */
export async function selectRuns(
  choice: RunChoice,
  limit: number,
  { client, known, signal }: Context,
  include: Array<'config' | 'summary'> = ['config', 'summary'],
) {
  const body = {
    ...runWhere(choice),
    include,
    limit: Math.min(limit, choice.by === 'filter' ? (choice.limit ?? limit) : limit),
  };
  const answer = await known.runs.list(JSON.stringify(body), () => client.ask('queryRuns', { body }, signal));
  const more = answer.nextCursor !== undefined && body.limit === MOST_RUNS;
  return { runs: answer.runs, more };
}
