import { InlineField, InlineFieldRow, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { RUN_FIELDS, type RunChoice, type RunField } from '../query';
import type { StoreSource } from '../StoreSource';
import { ChoiceField } from './ChoiceField';
import { CountField } from './CountField';
import { Field, LABEL_WIDTH } from './Field';
import { FilterFields } from './FilterFields';
import { OrderFields } from './OrderFields';
import { patch } from './patch';
import { useChoices } from './useChoices';

interface Props {
  runs: RunChoice;
  datasource: StoreSource;
  onChange(runs: RunChoice): void;
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

/** The choice of runs: one by one, or by what they have in common. */
export function RunsField({ runs, datasource, onChange }: Props) {
  const keys = useRunKeys(datasource);
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Runs" labelWidth={LABEL_WIDTH}>
          <RadioButtonGroup
            aria-label="Which runs"
            options={WAYS}
            value={runs.by}
            onChange={(by) => onChange(by === 'id' ? { by, ids: [] } : { by, limit: 1 })}
          />
        </InlineField>
        {runs.by === 'id' ? (
          <ById runs={runs} datasource={datasource} onChange={onChange} />
        ) : (
          RUN_FIELDS.map((field) => (
            <ChoiceField
              key={field}
              label={LABELS[field]}
              {...(field === 'name' && { tooltip: '* stands for any text: lr=*' })}
              value={String(runs[field] ?? '')}
              datasource={datasource}
              of={choicesOf(field, runs)}
              width={18}
              onChange={(value) => onChange(patch(runs, { [field]: value }))}
            />
          ))
        )}
        {runs.by === 'filter' && (
          <>
            <OrderFields
              orderBy={runs.orderBy ?? []}
              columns={keys.options}
              start="summary.eval/accuracy/mean"
              onChange={(orderBy) => onChange(patch(runs, { orderBy }))}
            />
            <CountField
              label={runs.orderBy ? 'At most' : 'Newest'}
              tooltip="At most so many, the newest first unless ordered otherwise; empty for all"
              placeholder="all"
              value={runs.limit}
              onChange={(limit) => onChange(patch(runs, { limit }))}
            />
          </>
        )}
      </InlineFieldRow>
      <FilterFields
        label="Runs where"
        tooltip="By run attributes, config values and last values of metrics: config.lr = 1e-6"
        filter={runs.where ?? []}
        columns={keys}
        valuesOf={(key) => ({ kind: 'values', key })}
        datasource={datasource}
        onChange={(where) => onChange(patch(runs, { where }))}
      />
    </>
  );
}

/** Returns what a field offers: projects, or the values that runs of the chosen project have. */
function choicesOf(field: RunField, { project }: Extract<RunChoice, { by: 'filter' }>) {
  const runs: RunChoice = { by: 'filter', ...(project !== undefined && { project }) };
  return field === 'project' ? ({ kind: 'projects' } as const) : ({ kind: 'values', key: field, runs } as const);
}

/** Run attributes and config; then last values of metrics. */
function useRunKeys(datasource: StoreSource) {
  const keys = useChoices(datasource, { kind: 'keys' });
  const metrics = useChoices(datasource, { kind: 'metrics' });
  const options = Array.isArray(keys.options)
    ? [
        ...keys.options,
        ...metrics.list.map(({ value }) => ({ value: `summary.${value}`, description: 'Last value of a metric' })),
      ]
    : keys.options;
  return { ...keys, options };
}

interface ByIdProps {
  runs: Extract<RunChoice, { by: 'id' }>;
  datasource: StoreSource;
  onChange(runs: RunChoice): void;
}

function ById({ runs, datasource, onChange }: ByIdProps) {
  const { list, options, failure } = useChoices(datasource, { kind: 'runs' });
  const labelOf = (id: string) => list.find(({ value }) => value === id)?.label ?? id;
  return (
    <Field label="Run" grow invalid={failure && `No list of runs: ${failure}`}>
      {(id) => (
        <MultiCombobox
          id={id}
          options={options}
          value={runs.ids.map((value) => ({ value, label: labelOf(value) }))}
          createCustomValue
          placeholder="Choose runs"
          onChange={(chosen) => onChange({ ...runs, ids: chosen.map(({ value }) => value) })}
        />
      )}
    </Field>
  );
}
