import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';
import type { RunsOptions, StoreQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { VARIABLE_KINDS, type VariableKind, type VariableQuery } from '../variables/variableQuery';
import { TextField } from './TextField';

type Props = QueryEditorProps<RunsDataSource, StoreQuery, RunsOptions, VariableQuery>;

const KINDS = VARIABLE_KINDS.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` }));
type Field = 'project' | 'run' | 'tag' | 'table' | 'key' | 'glob';
const LABELS: Readonly<Record<Field, string>> = {
  project: 'Project',
  run: 'Runs',
  tag: 'Tag',
  table: 'Table',
  key: 'Key',
  glob: 'Names like',
};
const PLACEHOLDERS: Readonly<Record<Field, string>> = {
  project: 'all, or $project',
  run: 'all, or $run',
  tag: 'any',
  table: 'rollout_examples, or $table',
  key: 'tag, group, config.lr …',
  glob: 'all, or eval/*/mean',
};
const NARROWED: Record<VariableKind, Field[]> = {
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
        <InlineField key={field} label={LABELS[field]}>
          <TextField
            name={LABELS[field]}
            width={24}
            placeholder={PLACEHOLDERS[field]}
            value={field === 'run' ? (query.run ?? []).join(',') : String(query[field] ?? '')}
            onChange={(value) =>
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
