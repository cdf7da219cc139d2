import { Button, Combobox, type ComboboxOption, IconButton, InlineField, InlineFieldRow } from '@grafana/ui';
import type { Condition, Operator } from '@rolloscope/contract/types';
import React from 'react';
import { conditionValue } from '../conditionValue';
import { TextField } from './TextField';

interface Props {
  filter: Condition[];
  columns: ComboboxOption<string>[];
  onChange(filter: Condition[]): void;
}

const OPERATORS: ComboboxOption<Operator>[] = [
  { value: 'eq', label: '=' },
  { value: 'ne', label: '≠' },
  { value: 'lt', label: '<' },
  { value: 'le', label: '≤' },
  { value: 'gt', label: '>' },
  { value: 'ge', label: '≥' },
  { value: 'in', label: 'one of', description: 'Values with commas between' },
  { value: 'contains', label: 'contains', description: 'Ignoring case' },
  { value: 'matches', label: 'matches', description: 'A regular expression' },
  { value: 'isNull', label: 'is empty' },
];

/** Conditions that all must hold. */
export function FilterFields({ filter, columns, onChange }: Props) {
  const isNumber = (column: string) => columns.find(({ value }) => value === column)?.description === 'number';
  const change = (at: number, column: string, op: Operator, text: string) => {
    const next = { column, op, ...conditionValue(op, text, isNumber(column)) };
    onChange(filter.map((one, i) => (i === at ? next : one)));
  };
  const first = columns[0]?.value ?? 'step';
  const add = (
    <Button
      variant="secondary"
      icon="plus"
      tooltip="Add a condition"
      aria-label="Add a condition"
      onClick={() => onChange([...filter, { column: first, op: 'eq', value: '' }])}
    />
  );
  return (
    <InlineFieldRow>
      {filter.map(({ column, op, value }, i) => {
        const text = Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value);
        return (
          // Conditions have no identity of their own: where they stand is all there is.
          // biome-ignore lint/suspicious/noArrayIndexKey: they are only ever appended or removed
          <InlineField key={i} label={i === 0 ? 'Where' : 'and'} labelWidth={i === 0 ? 12 : 6}>
            <div style={{ display: 'flex' }}>
              <Combobox
                aria-label={`Column of condition ${i + 1}`}
                options={columns}
                value={column}
                createCustomValue
                width={18}
                onChange={(chosen) => change(i, chosen.value, op, text)}
              />
              <Combobox
                aria-label={`Comparison of condition ${i + 1}`}
                options={OPERATORS}
                value={op}
                width={12}
                onChange={(chosen) => change(i, column, chosen.value, text)}
              />
              {op !== 'isNull' && (
                <TextField
                  name={`Value of condition ${i + 1}`}
                  width={14}
                  value={text}
                  onChange={(next) => change(i, column, op, next)}
                />
              )}
              <IconButton
                name="trash-alt"
                tooltip={`Remove condition ${i + 1}`}
                style={{ alignSelf: 'center', margin: '0 8px' }}
                onClick={() => onChange(filter.filter((_, at) => at !== i))}
              />
            </div>
          </InlineField>
        );
      })}
      {filter.length === 0 ? (
        <InlineField label="Where" labelWidth={12}>
          {add}
        </InlineField>
      ) : (
        add
      )}
    </InlineFieldRow>
  );
}
