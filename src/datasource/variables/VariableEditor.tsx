import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineFieldRow, InlineSwitch } from '@grafana/ui';
import React from 'react';
import type { ChoiceKind } from '../choices/listChoices';
import { ChoiceField } from '../editor/ChoiceField';
import { Field } from '../editor/Field';
import { patch } from '../editor/patch';
import { RunsField } from '../editor/RunsField';
import { TextField } from '../editor/TextField';
import type { RunsOptions, StoreQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { migrateVariable, SEARCH_FILTER, type VariableQuery } from './variableQuery';

type Props = QueryEditorProps<StoreSource, StoreQuery, RunsOptions, VariableQuery>;

const KINDS: Array<{ value: ChoiceKind; label: string; description: string }> = [
  { value: 'projects', label: 'Projects', description: 'Names of projects' },
  { value: 'runs', label: 'Runs', description: 'Shown by name, the value is the id; the running ones first' },
  { value: 'groups', label: 'Groups', description: 'Runs of one job' },
  { value: 'tags', label: 'Tags', description: 'Of the runs' },
  { value: 'metrics', label: 'Metrics', description: 'Names of metrics' },
  { value: 'prefixes', label: 'Prefixes', description: 'What metric names begin with: eval, actor' },
  { value: 'tasks', label: 'Tasks', description: 'Of eval/<task>/… and val-core/<source>/…' },
  { value: 'tables', label: 'Tables', description: 'Names of logged tables' },
  { value: 'columns', label: 'Columns', description: 'Of a table' },
  { value: 'steps', label: 'Steps', description: 'Of a table, the last first' },
  { value: 'keys', label: 'Config keys', description: 'Run attributes and config.…' },
  { value: 'values', label: 'Values of a key', description: 'Of a run attribute or config.…' },
  { value: 'hosts', label: 'Hosts', description: 'That the runs ran on, for GPU dashboards' },
  { value: 'pods', label: 'Pods', description: 'That the runs ran in' },
  { value: 'jobs', label: 'Jobs', description: 'Slurm jobs of the runs' },
  { value: 'events', label: 'Event types', description: 'For annotations' },
];

const BY_TABLE = { label: 'Table', field: 'table', of: 'tables', placeholder: 'the first one' } as const;
const BY_KEY = { label: 'Key', field: 'key', of: 'keys', placeholder: 'tag' } as const;
/** Lists that are of one table, or of one key, which a field of the editor chooses. */
const NARROWED_BY: Partial<Record<ChoiceKind, typeof BY_TABLE | typeof BY_KEY>> = {
  steps: BY_TABLE,
  columns: BY_TABLE,
  values: BY_KEY,
};

/** The fields for what a variable lists, and what narrows it; they take other variables, such as `$project`. */
export function VariableEditor({ query: saved, datasource, onChange }: Props) {
  const query = migrateVariable(saved);
  const { kind, runs, glob = '' } = query;
  const narrowing = NARROWED_BY[kind];
  const set = (fields: { [K in keyof VariableQuery]?: VariableQuery[K] | undefined }) => onChange(patch(query, fields));
  return (
    <>
      <InlineFieldRow>
        <Field label="List" first>
          {(id) => (
            <Combobox id={id} options={KINDS} value={kind} width={24} onChange={({ value }) => set({ kind: value })} />
          )}
        </Field>
        {narrowing && (
          <ChoiceField
            label={narrowing.label}
            value={query[narrowing.field] ?? ''}
            datasource={datasource}
            of={{ kind: narrowing.of, runs }}
            placeholder={narrowing.placeholder}
            width={24}
            onChange={(next) => set({ [narrowing.field]: next })}
          />
        )}
        {kind === 'metrics' && (
          <Field label="Names like">
            {(id) => (
              <TextField
                id={id}
                width={24}
                placeholder="all, or eval/*/mean"
                value={glob}
                onChange={(next) => set({ glob: next })}
              />
            )}
          </Field>
        )}
        <Field
          label="Search in the store"
          tooltip="What one types into the variable's list is looked for in the store: for lists of more than 1,000"
        >
          {(id) => (
            <InlineSwitch
              id={id}
              value={query.q !== undefined}
              onChange={(event) => set({ q: event.currentTarget.checked ? SEARCH_FILTER : undefined })}
            />
          )}
        </Field>
      </InlineFieldRow>
      {kind !== 'projects' && kind !== 'events' && (
        <RunsField runs={runs ?? { by: 'filter' }} datasource={datasource} onChange={(next) => set({ runs: next })} />
      )}
    </>
  );
}
