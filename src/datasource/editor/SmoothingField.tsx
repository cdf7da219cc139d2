import { Combobox } from '@grafana/ui';
import React from 'react';
import { smoothingWeight } from '../toRequest';
import { Field } from './Field';
import { variableOptions } from './useChoices';

interface Props {
  value: number | string | undefined;
  onChange(value: number | string | undefined): void;
}

const WEIGHTS = ['0.5', '0.8', '0.9', '0.95', '0.99'].map((value) => ({ value }));

/** The weight of an exponential average, or a variable that holds it. */
export function SmoothingField({ value, onChange }: Props) {
  const text = String(value ?? '');
  return (
    <Field
      label="Smoothing"
      tooltip="Weight of an exponential average, above 0 and below 1, corrected for its start; the raw line stays, faint"
      invalid={faultOf(text)}
    >
      {(id) => (
        <Combobox
          id={id}
          options={[...WEIGHTS, ...variableOptions()]}
          value={text || null}
          createCustomValue
          isClearable
          placeholder="none"
          width={14}
          onChange={(chosen) => onChange(toWeight(chosen?.value ?? ''))}
        />
      )}
    </Field>
  );
}

function toWeight(text: string): number | string | undefined {
  const weight = Number(text);
  return text.trim() === '' ? undefined : weight > 0 && weight < 1 ? weight : text;
}

/** A variable's value shows when it is drawn. */
function faultOf(text: string): string | undefined {
  try {
    smoothingWeight({ smoothing: text.includes('$') ? '' : text });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
