import type { APIRequestContext } from '@playwright/test';
import { askStore } from './names';

interface Run {
  id: string;
  project: string;
  createdAt: number;
  updatedAt: number;
}

export interface FinishedRun extends Run {
  /** A table of rollouts that it logged. */
  table: string;
  /** A metric that it logged by step. */
  metric: string;
  /** The dashboard's time range in which all of it lies. */
  range: { from: string; to: string };
}

const MARGIN = 60_000;

/** A run that changes no more, with rollouts and metrics. */
export async function finishedRun(request: APIRequestContext): Promise<FinishedRun> {
  const { runs } = await askStore<{ runs: Run[] }>(request, '/runs?state=finished&limit=50');
  for (const run of runs) {
    const of = { runs: [run.id] };
    const { tables } = await askStore<{ tables: { name: string }[] }>(request, '/query/table-list', of);
    const { metrics } = await askStore<{ metrics: { name: string; points: number; lastStep?: number }[] }>(
      request,
      '/query/metric-list',
      of,
    );
    const table = tables.find(({ name }) => /rollout/.test(name))?.name;
    const metric = metrics.find(({ name, points, lastStep }) => /reward/.test(name) && points > 5 && lastStep)?.name;
    if (table !== undefined && metric !== undefined) {
      const [from, to] = [run.createdAt - MARGIN, run.updatedAt + MARGIN].map(String) as [string, string];
      return { ...run, table, metric, range: { from, to } };
    }
  }
  throw new Error('The store has no finished run with rollouts and rewards.');
}
