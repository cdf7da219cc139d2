import { InlineField, InlineFieldRow, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { RUN_FIELDS, type RunChoice, type RunField, type StoreQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import type { VariableQuery } from '../variables/variableQuery';
import { ChoiceField } from './ChoiceField';
import { TextField } from './TextField';
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

const LABELS: Readonly<Record<RunField, string>> = {
  project: 'Project',
  name: 'Name',
  group: 'Group',
  tag: 'Tag',
  state: 'State',
};

/** What a field offers: projects, or the values that runs of the chosen project have. */
function choicesOf(field: RunField, project: string): Omit<VariableQuery, 'refId'> {
  return field === 'project' ? { kind: 'projects' } : { kind: 'values', key: field, ...(project && { project }) };
}

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
          onChange={(by) => set(by === 'id' ? { by, ids: [] } : { by, limit: 1 })}
        />
      </InlineField>
      {runs.by === 'id' ? (
        <InlineField label="Run" grow shrink>
          <MultiCombobox
            aria-label="Run"
            options={[...known, ...variableChoices()]}
            value={runs.ids}
            createCustomValue
            placeholder="Choose runs"
            onChange={(chosen) => set({ by: 'id', ids: chosen.map(({ value }) => value) })}
          />
        </InlineField>
      ) : (
        <FilterFields runs={runs} datasource={datasource} onChange={set} />
      )}
    </InlineFieldRow>
  );
}

interface FilterProps {
  runs: Extract<RunChoice, { by: 'filter' }>;
  datasource: RunsDataSource;
  onChange(runs: RunChoice): void;
}

function FilterFields({ runs, datasource, onChange }: FilterProps) {
  const textOf = (field: RunField) => String(runs[field] ?? '');
  const change = (field: RunField | 'limit', value: string | number | undefined) => {
    const { [field]: _, ...rest } = runs;
    onChange(value ? { ...rest, [field]: value } : rest);
  };
  return (
    <>
      {RUN_FIELDS.map((field) => (
        <InlineField key={field} label={LABELS[field]} {...(field === 'name' && { tooltip: '* stands for any text' })}>
          <ChoiceField
            name={LABELS[field]}
            value={textOf(field)}
            datasource={datasource}
            of={choicesOf(field, textOf('project'))}
            width={18}
            onChange={(value) => change(field, value)}
          />
        </InlineField>
      ))}
      <InlineField label="Newest" tooltip="At most so many, the newest first; empty for all">
        <TextField
          name="Newest"
          type="number"
          width={8}
          placeholder="all"
          value={String(runs.limit ?? '')}
          onChange={(value) => change('limit', Math.max(0, Math.floor(Number(value))) || undefined)}
        />
      </InlineField>
    </>
  );
}
