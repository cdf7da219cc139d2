import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import type { RunChoice, StoreQuery } from './query';

type Replace = Pick<TemplateSrv, 'replace'>;

/** What a variable that stands alone holds: lists keep their values apart, whatever characters they have. */
const asJson = (value: unknown) => JSON.stringify(Array.isArray(value) ? value : [value]);

const ALONE = /^\s*(\$\w+|\$\{\w+\}|\[\[\w+\]\])\s*$/;

/** A text with its variables filled in; one that is a single variable becomes as many texts as that has values. */
export function expand(text: string, templates: Replace, scoped?: ScopedVars): string[] {
  if (!ALONE.test(text)) {
    return [templates.replace(text, scoped)];
  }
  const filled = templates.replace(text, scoped, asJson);
  try {
    const values: unknown = JSON.parse(filled);
    return Array.isArray(values) ? values.map(String).filter((value) => value !== '') : [filled];
  } catch {
    return [filled];
  }
}

export const expandAll = (texts: readonly string[], templates: Replace, scoped?: ScopedVars) => [
  ...new Set(texts.flatMap((text) => expand(text, templates, scoped)).filter((text) => text !== '')),
];

function runs(choice: RunChoice, templates: Replace, scoped?: ScopedVars): RunChoice {
  if (choice.by === 'id') {
    return { by: 'id', ids: expandAll(choice.ids, templates, scoped) };
  }
  const text = (value: string | undefined) => (value === undefined ? undefined : templates.replace(value, scoped));
  const [project, name, group, tag, state] = [choice.project, choice.name, choice.group, choice.tag, choice.state].map(
    text,
  );
  return {
    ...choice,
    ...(project !== undefined && { project }),
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(tag !== undefined && { tag }),
    ...(state !== undefined && { state }),
  };
}

/** The query with every variable in it filled in; nothing is changed in place. */
export function interpolate<T extends StoreQuery>(query: T, templates: Replace, scoped?: ScopedVars): T {
  const text = (value: string) => templates.replace(value, scoped);
  const filled = { ...query, runs: runs(query.runs, templates, scoped) };
  switch (filled.queryType) {
    case 'metrics':
      return {
        ...filled,
        metrics: expandAll(filled.metrics, templates, scoped),
        ...(filled.x.by === 'metric' && { x: { by: 'metric', metric: text(filled.x.metric) } }),
        ...(filled.baseline !== undefined && { baseline: text(filled.baseline) }),
      };
    case 'rows':
      return {
        ...filled,
        table: text(filled.table),
        ...(filled.step !== undefined && { step: text(filled.step) }),
        ...(filled.search !== undefined && { search: text(filled.search) }),
        ...(filled.filter && {
          filter: filled.filter.map((condition) => ({
            ...condition,
            ...(typeof condition.value === 'string' && { value: text(condition.value) }),
          })),
        }),
      };
    case 'runs':
      return { ...filled, ...(filled.metrics && { metrics: expandAll(filled.metrics, templates, scoped) }) };
    case 'status':
      return { ...filled, accuracy: text(filled.accuracy) };
    case 'events':
      return { ...filled, ...(filled.types && { types: expandAll(filled.types, templates, scoped) }) };
  }
  return filled;
}
