import type { DataLink } from '@grafana/data';

/** Where the dashboard is, and which variables it has. */
export interface Place {
  pathname: string;
  /** With its `?`, or empty. */
  search: string;
  variables: readonly string[];
}

/**
 * The one link of a point: the rollouts of its run and step, in the same dashboard. It sets the variables `step` and
 * `run` where the dashboard has them; the rest of the address stays, so that the page a person sees stays too.
 */
export function stepLink(place: () => Place): DataLink {
  return {
    title: 'Rollouts of this step',
    url: '',
    onBuildUrl: ({ replaceVariables }) => {
      const { pathname, search, variables } = place();
      const filled = (text: string) => {
        const value = replaceVariables?.(text) ?? text;
        return value === text ? '' : value;
      };
      const params = new URLSearchParams(search);
      const set = (variable: string, value: string) => {
        if (variables.includes(variable) && value !== '') {
          params.set(`var-${variable}`, value);
        }
      };
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      set('step', filled('${__data.fields.Step.numeric}'));
      set('run', filled('${__field.labels.run}'));
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      return `${pathname}?${params}`;
    },
  };
}
