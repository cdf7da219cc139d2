import { Combobox } from '@grafana/ui';
import React from 'react';
import { Field } from './Field';
import { variableOptions } from './useChoices';

interface Props {
  value: string | undefined;
  onChange(value: string | undefined): void;
}

/** The step that is marked. */
export function MarkField({ value, onChange }: Props) {
  return (
    <Field label="Mark step" tooltip="Normally $step, which a click on a point sets">
      {(id) => (
        <Combobox
          id={id}
          options={variableOptions()}
          value={value || null}
          createCustomValue
          isClearable
          placeholder="none"
          width={16}
          onChange={(chosen) => onChange(chosen?.value)}
        />
      )}
    </Field>
  );
}
