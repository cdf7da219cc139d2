import { InlineField, InlineFieldRow, Input, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { RunChoice, StoreQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { useChoices, variableChoices } from './useChoices';

interface Props {
  query: StoreQuery;
  datasource: RunsDataSource;
  onChange(query: StoreQuery): void;
}

const WAYS = [
  { value: 'id' as const, label: 'These' },
  { value: 'filter' as const, label: 'All that fit' },
];

/** Which runs: chosen one by one, or by what they have in common. */
export function RunsField({ query, datasource, onChange }: Props) {
  const { runs } = query;
  const known = useChoices(datasource, { kind: 'runs' });
  const set = (next: RunChoice) => onChange({ ...query, runs: next });
  return (
    <InlineFieldRow>
      <InlineField label="Runs" labelWidth={12}>
        <RadioButtonGroup
          aria-label="Which runs"
          options={WAYS}
          value={runs.by}
          onChange={(by) => set(by === 'id' ? { by, ids: [] } : { by, newest: 1 })}
        />
      </InlineField>
      {runs.by === 'id' ? (
        <InlineField label="Run" grow shrink>
          <MultiCombobox
            aria-label="Run"
            options={[...variableChoices(), ...known]}
            value={runs.ids}
            createCustomValue
            placeholder="Choose runs"
            onChange={(chosen) => set({ by: 'id', ids: chosen.map(({ value }) => value) })}
          />
        </InlineField>
      ) : (
        <>
          {(['project', 'name', 'tag', 'state'] as const).map((field) => (
            <InlineField key={field} label={field[0]?.toUpperCase() + field.slice(1)}>
              <Input
                aria-label={field}
                width={16}
                placeholder="any"
                defaultValue={runs[field] ?? ''}
                onBlur={(event) => set({ ...runs, [field]: event.currentTarget.value })}
              />
            </InlineField>
          ))}
          <InlineField label="Newest" tooltip="At most so many, the newest first">
            <Input
              aria-label="Newest"
              type="number"
              min={1}
              width={8}
              defaultValue={runs.newest ?? ''}
              onBlur={(event) => {
                const { newest: _, ...rest } = runs;
                const count = event.currentTarget.valueAsNumber;
                set(Number.isInteger(count) && count > 0 ? { ...rest, newest: count } : rest);
              }}
            />
          </InlineField>
        </>
      )}
    </InlineFieldRow>
  );
}
