import { Combobox } from '@grafana/ui';
import React from 'react';
import type { RunsDataSource } from '../RunsDataSource';
import type { VariableQuery } from '../variables/variableQuery';
import { useChoices, variableChoices } from './useChoices';

interface Props {
  /** Its accessible name. */
  name: string;
  value: string;
  datasource: RunsDataSource;
  /** What the store is asked for. */
  of: Omit<VariableQuery, 'refId'>;
  placeholder?: string;
  width?: number;
  onChange(value: string): void;
}

/** One of what the store has, a variable, or what one writes; empty for any. */
export function ChoiceField({ name, value, datasource, of, placeholder = 'any', width = 20, onChange }: Props) {
  const choices = useChoices(datasource, of);
  return (
    <Combobox
      aria-label={name}
      options={[...choices, ...variableChoices()]}
      value={value || null}
      createCustomValue
      isClearable
      placeholder={placeholder}
      width={width}
      onChange={(chosen) => onChange(chosen?.value ?? '')}
    />
  );
}
