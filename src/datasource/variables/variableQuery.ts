import type { DataQuery, MetricFindValue } from '@grafana/data';
import type {
  DistributionAnswer,
  MetricListAnswer,
  ProjectsAnswer,
  Run,
  RunsAnswer,
  TableListAnswer,
  ValuesAnswer,
} from '@rolloscope/contract/types';
import type { StoreClient } from '../http/StoreClient';
import { runFilter, runSelector } from '../toRequest';

export const VARIABLE_KINDS = [
  'projects',
  'runs',
  'metrics',
  'prefixes',
  'tables',
  'tasks',
  'steps',
  'values',
] as const;
export type VariableKind = (typeof VARIABLE_KINDS)[number];

/** What a dashboard variable lists. `project` and `run` narrow it, and may hold variables themselves. */
export interface VariableQuery extends DataQuery {
  kind: VariableKind;
  project?: string;
  run?: string[];
  /** `runs`: only those with the tag. */
  tag?: string;
  /** `steps`: the table whose steps are listed. */
  table?: string;
  /** `values`: a run attribute or `config.…`. */
  key?: string;
  /** `metrics`: a glob that names must fit. */
  glob?: string;
}

const plain = (value: string): MetricFindValue => ({ text: value, value });

/** Running ones first, then the newest, so that the first option is the right default. */
export function orderRuns(runs: readonly Run[]): Run[] {
  const rank = (run: Run) => (run.state === 'running' ? 0 : 1);
  return [...runs].sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt);
}

/** A run by its name; where several share one, the id tells them apart. */
function runOptions(runs: readonly Run[]): MetricFindValue[] {
  const names = new Map<string, number>();
  for (const { name } of runs) {
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  return orderRuns(runs).map(({ id, name }) => ({
    text: (names.get(name) ?? 0) > 1 ? `${name} (${id})` : name,
    value: id,
  }));
}

/** Tasks are the parts of metric names that say what is evaluated: `val-core/<source>/…`, `eval/<task>/…`. */
export function tasksOf(metrics: readonly string[]): string[] {
  const found = metrics.flatMap((name) => {
    const [kind, task, ...rest] = name.split('/');
    return (kind === 'val-core' || (kind === 'eval' && rest.length > 0)) && task ? [task] : [];
  });
  return [...new Set(found)];
}

/** The options of a variable; `query` is interpolated. */
export async function variableOptions(client: StoreClient, query: VariableQuery): Promise<MetricFindValue[]> {
  const filter = { by: 'filter' as const, ...(query.project && { project: query.project }) };
  const runs = query.run && query.run.length > 0 ? runSelector({ by: 'id', ids: query.run }) : runSelector(filter);
  const metricNames = async () =>
    (await client.post<MetricListAnswer>('/query/metric-list', { runs })).metrics.map(({ name }) => name);
  switch (query.kind) {
    case 'projects':
      return (await client.get<ProjectsAnswer>('/projects')).projects.map(({ name }) => plain(name));
    case 'runs': {
      const answer = await client.post<RunsAnswer>('/query/runs', {
        where: runFilter({ ...filter, ...(query.tag && { tag: query.tag }) }),
        limit: 1000,
      });
      return runOptions(answer.runs);
    }
    case 'metrics': {
      const [start = '', ...rest] = (query.glob ?? '*').split('*');
      const end = rest.at(-1) ?? '';
      const fits = (name: string) =>
        rest.length === 0 ? name === start : name.startsWith(start) && name.endsWith(end);
      return (await metricNames()).filter(fits).map(plain);
    }
    case 'prefixes':
      return [...new Set((await metricNames()).map((name) => name.split('/')[0] ?? name))].map(plain);
    case 'tasks':
      return tasksOf(await metricNames()).map(plain);
    case 'tables':
      return (await client.post<TableListAnswer>('/query/table-list', { runs })).tables.map(({ name }) => plain(name));
    case 'steps': {
      if (!query.table) {
        return [];
      }
      const body = { runs, table: query.table, column: 'step', bins: 1 };
      const { steps = [] } = await client.post<DistributionAnswer>('/query/distribution', body);
      return [...steps].reverse().map(({ from, to }) => plain(from === to ? `${from}` : `${from}-${to}`));
    }
    case 'values': {
      const answer = await client.post<ValuesAnswer>('/query/values', {
        key: query.key ?? 'tag',
        ...(query.project && { runs }),
      });
      return answer.values.map(({ value }) => plain(typeof value === 'string' ? value : JSON.stringify(value)));
    }
  }
}
