import type { PanelDashboard } from '../browser/panelDashboard';
import { SWEEP_END, SWEEP_START } from './runs';

const source = { type: 'rolloscope-runs-datasource', uid: 'store' };
const OF_SWEEP = { by: 'filter', project: 'gsm8k' };
const SWEEP_TIME = { from: new Date(SWEEP_START).toISOString(), to: new Date(SWEEP_END).toISOString() };
const legend = { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] };

interface Native {
  title?: string;
  options?: object;
  dashboard?: Record<string, unknown>;
  height?: number;
}

/** A panel of Grafana's own with one query, which the editor's page shows above the query. */
const native = (
  uid: string,
  type: string,
  query: Record<string, unknown>,
  { title = '', options = {}, dashboard = {}, height = 12 }: Native = {},
): PanelDashboard => ({
  uid,
  run: '',
  height,
  panel: {
    type,
    title,
    options: { legend, tooltip: { mode: 'multi', sort: 'none' }, ...options },
    targets: [{ refId: 'A', datasource: source, version: 2, ...query }],
  },
  dashboard,
});

/** A Rollouts panel over a table of a run. */
const rollouts = (uid: string, run: string, rest: Partial<PanelDashboard> = {}): PanelDashboard => ({
  uid,
  run,
  rows: 'all',
  ...rest,
  query: { version: 2, table: 'rollouts', ...rest.query },
});

/** What the pictures show beside the provisioned dashboards, each by its uid. */
export const DASHBOARDS: PanelDashboard[] = [
  native(
    'metrics',
    'trend',
    {
      queryType: 'metrics',
      runs: { by: 'id', ids: ['reward-hack'] },
      metrics: ['critic/rewards/mean'],
      x: { by: 'step' },
      baseline: 'baseline',
      smoothing: 0.9,
      mark: '60',
    },
    { title: 'Training reward', options: { xField: 'Step' } },
  ),
  native(
    'builder',
    'trend',
    {
      queryType: 'metrics',
      runs: { ...OF_SWEEP, where: [{ column: 'config.kl', op: 'gt', value: 0 }] },
      metrics: ['critic/rewards/*'],
      x: { by: 'step' },
      smoothing: 0.9,
    },
    { title: 'Training reward', options: { xField: 'Step' } },
  ),
  rollouts('rows', 'reward-hack', { rows: 'latest', height: 12 }),
  native('groups', 'table', {
    queryType: 'groups',
    runs: { by: 'id', ids: ['reward-hack'] },
    table: 'rollouts',
    step: '60',
    orderBy: { by: 'sd', direction: 'desc' },
  }),
  native(
    'runs',
    'table',
    { queryType: 'runs', runs: OF_SWEEP, metrics: ['eval/gsm8k/accuracy/mean', 'critic/rewards/mean'] },
    { height: 6 },
  ),
  native('compare', 'table', { queryType: 'compare', runs: OF_SWEEP }, { height: 6 }),
  native(
    'status',
    'stat',
    { queryType: 'status', runs: { by: 'id', ids: ['reward-hack'] }, accuracy: 'eval/accuracy/mean' },
    {
      height: 4,
      options: {
        reduceOptions: { calcs: ['lastNotNull'], fields: '/.*/', values: false },
        textMode: 'value_and_name',
        colorMode: 'value',
        graphMode: 'none',
        justifyMode: 'center',
        text: { titleSize: 12, valueSize: 24 },
      },
    },
  ),
  native(
    'events',
    'timeseries',
    {
      queryType: 'metrics',
      runs: { by: 'id', ids: ['qwen2.5-7b-lr1e-6'] },
      metrics: ['critic/rewards/mean'],
      x: { by: 'time' },
    },
    {
      title: 'Training reward',
      dashboard: {
        time: SWEEP_TIME,
        annotations: {
          list: [
            {
              name: 'Run events',
              enable: true,
              iconColor: 'purple',
              datasource: source,
              target: {
                refId: 'Anno',
                version: 2,
                queryType: 'events',
                runs: { by: 'id', ids: ['qwen2.5-7b-lr1e-6'] },
              },
            },
          ],
        },
      },
    },
  ),
  native(
    'adhoc',
    'table',
    { queryType: 'runs', runs: OF_SWEEP, metrics: ['eval/gsm8k/accuracy/mean', 'critic/rewards/mean'] },
    {
      height: 6,
      dashboard: {
        templating: {
          list: [{ name: 'Filters', label: 'Filter runs', type: 'adhoc', datasource: source, filters: [] }],
        },
      },
    },
  ),
  rollouts('history', 'reward-hack', { height: 17 }),
  rollouts('distribution', 'reward-hack', { height: 14, options: { distribution: true } }),
  rollouts('table', 'baseline', { height: 17, query: { step: '1-12' } }),
  rollouts('reader', 'reader', { rows: 'latest' }),
  rollouts('tokens', 'tokens', { rows: 'latest' }),
  rollouts('agent', 'agent', {
    query: {
      orderBy: [{ column: 'toolSeconds', direction: 'desc' }],
      filter: [{ column: 'correct', op: 'eq', value: true }],
    },
  }),
];
