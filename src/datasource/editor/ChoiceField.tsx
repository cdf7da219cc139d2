import { Combobox } from '@grafana/ui';
import React from 'react';
import type { ChoiceQuery } from '../choices/listChoices';
import type { StoreSource } from '../StoreSource';
import { Field } from './Field';
import { useChoices } from './useChoices';

interface Props {
  label: string;
  tooltip?: string;
  first?: boolean;
  value: string;
  datasource: StoreSource;
  /** The question that the store is asked. */
  of: ChoiceQuery;
  placeholder?: string;
  width?: number;
  onChange(value: string): void;
}

/** One of what the store has, a variable, or what one writes; empty for any. */
export function ChoiceField({ value, datasource, of, placeholder = 'any', width = 20, onChange, ...field }: Props) {
  const { options, list } = useChoices(datasource, of);
  const known = list.find((choice) => choice.value === value);
  return (
    <Field {...field}>
      {(id) => (
        <Combobox
          id={id}
          options={options}
          value={known?.label ? { value, label: known.label } : value || null}
          createCustomValue
          isClearable
          placeholder={placeholder}
          width={width}
          onChange={(chosen) => onChange(chosen?.value ?? '')}
        />
      )}
    </Field>
  );
}
