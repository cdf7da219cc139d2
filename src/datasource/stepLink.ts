import type { DataLink } from '@grafana/data';

/** The address of the dashboard, and the variables that it has. */
export interface DashboardAddress {
  pathname: string;
  /** The address's query with its `?`, or empty. */
  search: string;
  variables: readonly string[];
  /** The uid of the data source instance. */
  uid: string;
}

/** The dashboard that ships with the plugin: where rollouts are, for dashboards that have no place for them. */
const OVERVIEW_PATH = '/d/rolloscope-run-overview';

/**
 * The address of a run's rollouts at a step. In a dashboard that has a variable `step` it is the same dashboard: it sets
 * `step`, and `run` where there is one; the rest of the address stays, so that the page a person sees stays too.
 * Elsewhere, in Explore or among GPU charts, it is the overview of the run.
 */
export function rolloutsAddress(
  { pathname, search, variables, uid }: DashboardAddress,
  run: string,
  step: string,
): string {
  if (!variables.includes('step')) {
    const all = Object.entries({ datasource: uid, run, step }).filter(([, value]) => value !== '');
    return `${OVERVIEW_PATH}?${new URLSearchParams(all.map(([name, value]) => [`var-${name}`, value]))}`;
  }
  const params = new URLSearchParams(search);
  const set = (variable: string, value: string) => {
    if (variables.includes(variable) && value !== '') {
      params.set(`var-${variable}`, value);
    }
  };
  set('step', step);
  set('run', run);
  return `${pathname}?${params}`;
}

/** The one link of a point. */
export function stepLink(place: () => DashboardAddress): DataLink {
  return {
    title: 'Rollouts of this step',
    url: '',
    onBuildUrl: ({ replaceVariables }) => {
      const filled = (text: string) => {
        const value = replaceVariables?.(text) ?? text;
        return value === text ? '' : value;
      };
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      const run = filled('${__field.labels.job}') || filled('${__field.labels.run}');
      return rolloutsAddress(place(), run, filled('${__data.fields.Step.numeric}'));
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana fills these in
    },
  };
}
