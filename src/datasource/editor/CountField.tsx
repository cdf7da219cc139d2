import React from 'react';
import { Field } from './Field';
import { TextField } from './TextField';

interface Props {
  label: string;
  tooltip: string;
  first?: boolean;
  placeholder: string;
  value: number | undefined;
  onChange(value: number | undefined): void;
}

/** A whole number above 0; empty for none. */
export function CountField({ value, placeholder, onChange, ...field }: Props) {
  return (
    <Field {...field}>
      {(id) => (
        <TextField
          id={id}
          type="number"
          width={9}
          placeholder={placeholder}
          value={String(value ?? '')}
          onChange={(text) => onChange(Math.max(0, Math.floor(Number(text))) || undefined)}
        />
      )}
    </Field>
  );
}
