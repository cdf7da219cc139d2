import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField, InlineFieldRow, Input } from '@grafana/ui';
import React from 'react';
import type { RunsOptions, StoreQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { VARIABLE_KINDS, type VariableQuery } from '../variables/variableQuery';

type Props = QueryEditorProps<RunsDataSource, StoreQuery, RunsOptions, VariableQuery>;

const KINDS = VARIABLE_KINDS.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` }));
const NARROWED: Record<string, Array<'project' | 'run' | 'tag' | 'table' | 'key' | 'glob'>> = {
  projects: [],
  runs: ['project', 'tag'],
  metrics: ['run', 'glob'],
  prefixes: ['run'],
  tables: ['run'],
  tasks: ['run'],
  steps: ['run', 'table'],
  values: ['project', 'key'],
};

/** What a variable lists, and what narrows it; fields take other variables, such as `$project`. */
export function VariableEditor({ query, onChange }: Props) {
  const kind = query.kind ?? 'runs';
  return (
    <InlineFieldRow>
      <InlineField label="List" labelWidth={12}>
        <Combobox
          aria-label="List"
          options={KINDS}
          value={kind}
          width={20}
          onChange={({ value }) => onChange({ ...query, refId: 'variable', kind: value })}
        />
      </InlineField>
      {NARROWED[kind]?.map((field) => (
        <InlineField key={field} label={field[0]?.toUpperCase() + field.slice(1)}>
          <Input
            aria-label={field}
            width={24}
            defaultValue={field === 'run' ? (query.run ?? []).join(',') : (query[field] ?? '')}
            onBlur={({ currentTarget: { value } }) =>
              onChange({
                ...query,
                refId: 'variable',
                kind,
                [field]: field === 'run' ? value.split(',').filter(Boolean) : value,
              })
            }
          />
        </InlineField>
      ))}
    </InlineFieldRow>
  );
}
