import { EVALS, evalRank, fitsName } from '@rolloscope/contract/evals';
import { LIMITS } from '@rolloscope/contract/limits';
import { foldCase } from '@rolloscope/contract/texts';
import type { MetricInfo, RunSelector, TableInfo } from '@rolloscope/contract/types';
import type { StoreClient } from '../http/StoreClient';
import type { RunChoice } from '../query';
import { runSelector, runWhere } from '../toRequest';
import { type Choice, count } from './Choice';
import { columnChoices } from './columnChoices';
import { orderRuns, runChoices } from './runChoices';
import { tasksOf } from './tasksOf';

export const CHOICE_KINDS = [
  ...(['projects', 'runs', 'groups', 'tags', 'metrics', 'prefixes', 'tasks', 'tables', 'columns', 'steps'] as const),
  ...(['keys', 'values', 'hosts', 'pods', 'jobs', 'events'] as const),
] as const;
export type ChoiceKind = (typeof CHOICE_KINDS)[number];

/** The question of what to list. Every text is filled in. */
export interface ChoiceQuery {
  kind: ChoiceKind;
  /** The runs whose entries are listed; all when left out. */
  runs?: RunChoice | undefined;
  /** `columns`, `steps`: of which table; the first when left out. */
  table?: string | undefined;
  /** `values`: a run attribute or `config.…`; the tags when left out. */
  key?: string | undefined;
  /** `metrics`: a glob that names must fit. */
  glob?: string | undefined;
  /** A text that every choice contains, ignoring case. */
  q?: string | undefined;
}

/** The attributes that have a kind of their own. */
const KEY_OF: Partial<Record<ChoiceKind, string>> = {
  groups: 'group',
  tags: 'tag',
  hosts: 'resources.host',
  pods: 'resources.pod',
  jobs: 'resources.slurmJob',
};

const EVERY: RunChoice = { by: 'filter' };

/** Lists what the store has, with how much of it there is. Throws a `StoreFailure`. */
export async function listChoices(client: StoreClient, query: ChoiceQuery, signal?: AbortSignal): Promise<Choice[]> {
  const { kind, q, table, glob } = query;
  const runs = runSelector(query.runs ?? EVERY);
  const search = q ? { q } : {};
  const contains = ({ value, label = value }: Choice) => !q || foldCase(label).includes(foldCase(q));
  switch (kind) {
    case 'projects': {
      const { projects } = await client.ask('projects', {}, signal);
      return projects.map(({ name, runs: n }) => ({ value: name, about: count(n, 'run') })).filter(contains);
    }
    case 'runs': {
      const chosen = runWhere(query.runs ?? EVERY);
      const body = { limit: LIMITS.listEntries, ...chosen, ...search };
      const { runs: found } = await client.ask('queryRuns', { body }, signal);
      return runChoices(chosen.orderBy ? found : orderRuns(found));
    }
    case 'metrics':
    case 'prefixes':
    case 'tasks': {
      const body = { runs, ...search };
      const { metrics } = await client.ask('queryMetricList', { body }, signal);
      const names = metrics.map(({ name }) => name);
      return kind === 'metrics'
        ? metricChoices(metrics, glob)
        : (kind === 'tasks' ? tasksOf(names) : prefixesOf(names)).map((value) => ({ value }));
    }
    case 'tables':
      return (await listTables(client, runs, signal)).map(tableChoice).filter(contains);
    case 'columns':
      return columnChoices(await listTables(client, runs, signal), table).filter(contains);
    case 'steps': {
      const of = table || (await listTables(client, runs, signal))[0]?.name;
      const body = { runs, table: of ?? '', column: 'step', bins: 1 };
      const { steps = [] } = of ? await client.ask('queryDistribution', { body }, signal) : {};
      const chosen = steps.map(({ from, to, n }) => ({
        value: from === to ? `${from}` : `${from}-${to}`,
        about: count(n, 'row'),
      }));
      return chosen.reverse().filter(contains);
    }
    case 'keys': {
      const { keys } = await client.ask('queryKeys', { body: { runs, ...search } }, signal);
      // What differs between runs comes first.
      const rank = (key: string) => (key.startsWith('config.') ? 0 : 1);
      return keys
        .map(({ key, runs: n }) => ({ value: key, about: count(n, 'run') }))
        .sort((a, b) => rank(a.value) - rank(b.value));
    }
    case 'events': {
      const { events } = await client.ask('events', {}, signal);
      return [...new Set(events.map(({ type }) => type))]
        .sort()
        .map((value) => ({ value }))
        .filter(contains);
    }
    default: {
      const body = { key: KEY_OF[kind] ?? (query.key || 'tag'), runs, ...search };
      const { values } = await client.ask('queryValues', { body }, signal);
      return values.map(({ value, runs: n }) => ({ value: textOf(value), about: count(n, 'run') }));
    }
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

async function listTables(client: StoreClient, runs: RunSelector, signal?: AbortSignal): Promise<TableInfo[]> {
  return (await client.ask('queryTableList', { body: { runs } }, signal)).tables;
}

const tableChoice = ({ name, rows }: TableInfo): Choice => ({ value: name, about: count(rows, 'row') });

function metricChoices(metrics: readonly MetricInfo[], glob = '*'): Choice[] {
  const fitting = metrics.filter(({ name }) => fitsName(name, glob || '*'));
  const rank = ({ name }: MetricInfo) => evalRank(name) ?? 0;
  // The first eval is the one that is judged.
  return (glob === EVALS ? [...fitting].sort((a, b) => rank(a) - rank(b)) : fitting).map(
    ({ name, runs, points, last }) => ({
      value: name,
      about: `${count(runs, 'run')}, ${count(points, 'point')}, last ${typeof last === 'number' ? Number(last.toPrecision(4)) : last}`,
    }),
  );
}

const prefixesOf = (names: readonly string[]) => [...new Set(names.map((name) => name.split('/')[0] ?? name))];
