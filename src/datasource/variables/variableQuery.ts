import type { DataQuery, MetricFindValue } from '@grafana/data';
import { LIMITS } from '@rolloscope/contract/limits';
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
import type { Texts } from '../query';
import { globToPattern, runFilter, runSelector } from '../toRequest';

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

/** What a dashboard variable lists. `project` and `run` narrow it; every text may hold variables. */
export interface VariableQuery extends DataQuery {
  kind: VariableKind;
  project?: Texts;
  run?: string[];
  /** `runs`: only those with the tag. */
  tag?: Texts;
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
    (await client.post<MetricListAnswer>('/query/metric-list', { runs }, { has: 'metrics' })).metrics.map(
      ({ name }) => name,
    );
  switch (query.kind) {
    case 'projects':
      return (await client.get<ProjectsAnswer>('/projects', { has: 'projects' })).projects.map(({ name }) =>
        plain(name),
      );
    case 'runs': {
      const body = { where: runFilter({ ...filter, ...(query.tag && { tag: query.tag }) }), limit: LIMITS.listEntries };
      return runOptions((await client.post<RunsAnswer>('/query/runs', body, { has: 'runs' })).runs);
    }
    case 'metrics': {
      const fits = new RegExp(globToPattern(query.glob || '*'), 's');
      return (await metricNames()).filter((name) => fits.test(name)).map(plain);
    }
    case 'prefixes':
      return [...new Set((await metricNames()).map((name) => name.split('/')[0] ?? name))].map(plain);
    case 'tasks':
      return tasksOf(await metricNames()).map(plain);
    case 'tables':
      return (await client.post<TableListAnswer>('/query/table-list', { runs }, { has: 'tables' })).tables.map(
        ({ name }) => plain(name),
      );
    case 'steps': {
      if (!query.table) {
        return [];
      }
      const body = { runs, table: query.table, column: 'step', bins: 1 };
      const { steps = [] } = await client.post<DistributionAnswer>('/query/distribution', body, { has: 'total' });
      return [...steps].reverse().map(({ from, to }) => plain(from === to ? `${from}` : `${from}-${to}`));
    }
    case 'values': {
      const body = { key: query.key || 'tag', runs };
      const answer = await client.post<ValuesAnswer>('/query/values', body, { has: 'values' });
      return answer.values.map(({ value }) => plain(typeof value === 'string' ? value : JSON.stringify(value)));
    }
  }
}
