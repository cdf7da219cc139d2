import type { MetricsAnswer, RowsAnswer, Run, TableListAnswer } from '@rolloscope/contract/types';

/** Metrics of one answer. */
const METRICS = 400;

/** All of a run that an import is to bring along: what it is, every point, every row. */
export async function wholeRun(url: string, id: string) {
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { 'content-type': 'application/json' }, ...init });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()) as T;
  };
  const run = await ask<Run>(`/runs/${encodeURIComponent(id)}`);
  const names = Object.keys(run.summary ?? {}).sort();
  const points: Record<string, unknown[]> = {};
  for (let from = 0; from < names.length; from += METRICS) {
    const request = { runs: [id], metrics: names.slice(from, from + METRICS), reduce: 'none', maxPoints: 100_000 };
    for (const { metric, step, value } of (await ask<MetricsAnswer>('/query/metrics', request)).series) {
      points[metric] = step.map((one, i) => [one, value[i]]);
    }
  }
  const { tables } = await ask<TableListAnswer>('/query/table-list', { runs: [id] });
  const rows: Record<string, unknown> = {};
  for (const { name, columns } of tables) {
    const shown = columns
      .filter(({ origin }) => origin === 'logged')
      .map((column) => column.name)
      .sort();
    const request = {
      runs: [id],
      table: name,
      columns: ['step', ...shown],
      limit: 1_000,
      orderBy: [{ column: 'step', direction: 'asc' }],
    };
    const page = await ask<RowsAnswer>('/query/rows', request);
    rows[name] = { columns: page.columns.map((column) => [column.name, column.type]), rows: page.rows };
  }
  const { name, project, group, state, tags, notes, config, createdAt, lastStep } = run;
  // W&B tells whole seconds.
  const began = Math.floor(createdAt / 1_000);
  return { what: { name, project, group, state, tags, notes, config, began, lastStep }, points, rows };
}

/** The same without tables that are not brought along. */
export const without = (whole: Awaited<ReturnType<typeof wholeRun>>, ...tables: string[]) => ({
  ...whole,
  rows: Object.fromEntries(Object.entries(whole.rows).filter(([name]) => !tables.includes(name))),
});

/** How many points and rows there are, over all. */
export const counts = ({ points, rows }: Awaited<ReturnType<typeof wholeRun>>) => ({
  points: Object.values(points).reduce((sum, list) => sum + list.length, 0),
  rows: Object.values(rows).reduce<number>((sum, table) => sum + (table as { rows: unknown[] }).rows.length, 0),
});
