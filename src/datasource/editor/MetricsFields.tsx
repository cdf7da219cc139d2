import { Combobox, InlineField, InlineFieldRow, InlineSwitch, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { MetricsQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { useChoices, variableChoices } from './useChoices';

interface Props {
  query: MetricsQuery;
  datasource: RunsDataSource;
  onChange(query: MetricsQuery): void;
}

const AXES = [
  { value: 'step' as const, label: 'Step' },
  { value: 'time' as const, label: 'Time' },
  { value: 'metric' as const, label: 'Metric' },
];
const REDUCTIONS = [
  { value: 'extremes' as const, label: 'Keep dips and peaks' },
  { value: 'mean' as const, label: 'Mean' },
  { value: 'last' as const, label: 'Last' },
];

export function MetricsFields({ query, datasource, onChange }: Props) {
  const ids = query.runs.by === 'id' ? { run: query.runs.ids } : {};
  const metrics = useChoices(datasource, { kind: 'metrics', ...ids });
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Metrics" labelWidth={12} grow shrink tooltip="Names, or globs such as eval/*/mean">
          <MultiCombobox
            aria-label="Metrics"
            options={[...metrics, ...variableChoices()]}
            value={query.metrics}
            createCustomValue
            placeholder="Choose metrics"
            onChange={(chosen) => onChange({ ...query, metrics: chosen.map(({ value }) => value) })}
          />
        </InlineField>
      </InlineFieldRow>
      <InlineFieldRow>
        <InlineField label="X axis" labelWidth={12}>
          <RadioButtonGroup
            aria-label="X axis"
            options={AXES}
            value={query.x.by}
            onChange={(by) => onChange({ ...query, x: by === 'metric' ? { by, metric: '' } : { by } })}
          />
        </InlineField>
        {query.x.by === 'metric' && (
          <InlineField label="Metric">
            <Combobox
              aria-label="Metric of the x axis"
              options={metrics}
              value={query.x.metric}
              createCustomValue
              width={30}
              onChange={({ value }) => onChange({ ...query, x: { by: 'metric', metric: value } })}
            />
          </InlineField>
        )}
        <InlineField label="Many points" tooltip="How more points than pixels are brought down">
          <Combobox
            aria-label="Many points"
            options={REDUCTIONS}
            value={query.reduce ?? 'extremes'}
            width={26}
            onChange={({ value }) => onChange({ ...query, reduce: value })}
          />
        </InlineField>
        <InlineField label="Join groups" tooltip="Members of a group as mean ± standard deviation">
          <InlineSwitch
            aria-label="Join groups"
            value={query.group ?? false}
            onChange={(event) => onChange({ ...query, group: event.currentTarget.checked })}
          />
        </InlineField>
      </InlineFieldRow>
    </>
  );
}
