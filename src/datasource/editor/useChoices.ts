import type { MetricFindValue } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import type { ComboboxOption } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { RunsDataSource } from '../RunsDataSource';
import { fillVariableQuery } from '../variables/fillVariableQuery';
import { type VariableQuery, variableOptions } from '../variables/variableQuery';

/** What the store offers for a field of the editor; empty while it loads, and when the store does not answer. */
export function useChoices(datasource: RunsDataSource, query: Omit<VariableQuery, 'refId'>): ComboboxOption<string>[] {
  const [choices, setChoices] = useState<ComboboxOption<string>[]>([]);
  const key = JSON.stringify(query);
  useEffect(() => {
    let current = true;
    const asked = fillVariableQuery(JSON.parse(key) as VariableQuery, getTemplateSrv());
    variableOptions(datasource.client, asked)
      .then((values) => current && setChoices(values.map(toOption)))
      .catch(() => current && setChoices([]));
    return () => {
      current = false;
    };
  }, [datasource, key]);
  return choices;
}

function toOption({ text, value }: MetricFindValue): ComboboxOption<string> {
  const id = String(value ?? text);
  return id === text ? { value: id } : { value: id, label: text, description: id };
}

/** The dashboard's variables, to choose from beside what the store has. */
export function variableChoices(): ComboboxOption<string>[] {
  return getTemplateSrv()
    .getVariables()
    .filter(({ type }) => type !== 'datasource')
    .map(({ name }) => ({ value: `$${name}`, description: 'Variable' }));
}
