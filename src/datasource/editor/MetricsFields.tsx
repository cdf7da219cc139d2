import { Combobox, InlineField, InlineFieldRow, InlineSwitch, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { MetricsQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { ChoiceField } from './ChoiceField';
import { Field, LABEL_WIDTH } from './Field';
import { MarkField } from './MarkField';
import { MetricNames } from './MetricNames';
import { patch } from './patch';
import { Section } from './Section';
import { SmoothingField } from './SmoothingField';
import { TextField } from './TextField';

interface Props {
  query: MetricsQuery;
  datasource: StoreSource;
  onChange(query: MetricsQuery): void;
}

const AXES = [
  { value: 'auto' as const, label: 'Auto', description: 'Time in panels that draw time, else steps' },
  { value: 'step' as const, label: 'Step' },
  { value: 'time' as const, label: 'Time' },
  { value: 'elapsed' as const, label: 'Since start' },
  { value: 'metric' as const, label: 'Metric' },
];
const REDUCTIONS = [
  { value: 'extremes' as const, label: 'Keep dips and peaks' },
  { value: 'mean' as const, label: 'Mean' },
  { value: 'last' as const, label: 'Last' },
];
const ATTEMPTS = [
  { value: 'effective' as const, label: 'Effective' },
  { value: 'all' as const, label: 'All' },
];

export function MetricsFields({ query, datasource, onChange }: Props) {
  const set = (fields: { [K in keyof MetricsQuery]?: MetricsQuery[K] | undefined }) => onChange(patch(query, fields));
  return (
    <>
      <MetricNames query={query} datasource={datasource} onChange={onChange} />
      <InlineFieldRow>
        <InlineField label="X axis" labelWidth={LABEL_WIDTH}>
          <RadioButtonGroup
            aria-label="X axis"
            options={AXES}
            value={query.x.by}
            onChange={(by) => set({ x: by === 'metric' ? { by, metric: '' } : { by } })}
          />
        </InlineField>
        {query.x.by === 'metric' && (
          <ChoiceField
            label="Metric of the x axis"
            tooltip="Such as tokens seen: each point stands where that metric was at the same step"
            value={query.x.metric}
            datasource={datasource}
            of={{ kind: 'metrics', runs: query.runs }}
            placeholder="Choose a metric"
            width={30}
            onChange={(metric) => set({ x: { by: 'metric', metric } })}
          />
        )}
        <SmoothingField value={query.smoothing} onChange={(smoothing) => set({ smoothing })} />
        <Field label="Join groups" tooltip="Members of a group as mean ± standard deviation">
          {(id) => (
            <InlineSwitch
              id={id}
              value={query.group ?? false}
              onChange={(event) => set({ group: event.currentTarget.checked })}
            />
          )}
        </Field>
        <Field label="Live" tooltip="While a run is running, new points are asked for and appended between refreshes">
          {(id) => (
            <InlineSwitch
              id={id}
              value={query.live ?? false}
              onChange={(event) => set({ live: event.currentTarget.checked })}
            />
          )}
        </Field>
      </InlineFieldRow>
      <Section title="Options" summary={summaryOf(query)}>
        <InlineFieldRow>
          <Field label="Many points" first tooltip="How more points than pixels are brought down">
            {(id) => (
              <Combobox
                id={id}
                options={REDUCTIONS}
                value={query.reduce ?? 'extremes'}
                width={26}
                onChange={({ value }) => set({ reduce: value === 'extremes' ? undefined : value })}
              />
            )}
          </Field>
          <InlineField
            label="Attempts"
            tooltip="A resumed run logs steps again. Effective: each step from the newest attempt; all: what was overtaken too"
          >
            <RadioButtonGroup
              aria-label="Attempts"
              options={ATTEMPTS}
              value={query.attempts ?? 'effective'}
              onChange={(value) => set({ attempts: value === 'all' ? value : undefined })}
            />
          </InlineField>
          <ChoiceField
            label="Baseline"
            tooltip="A run to draw beside the others, dashed"
            value={query.baseline ?? ''}
            datasource={datasource}
            of={{ kind: 'runs' }}
            placeholder="none"
            width={24}
            onChange={(baseline) => set({ baseline })}
          />
          <MarkField value={query.mark} onChange={(mark) => set({ mark })} />
          <Field label="Legend" tooltip="The name of each line, from {{run}}, {{metric}}, {{project}} and {{group}}">
            {(id) => (
              <TextField
                id={id}
                width={24}
                placeholder="what tells lines apart"
                value={query.legend ?? ''}
                onChange={(legend) => set({ legend })}
              />
            )}
          </Field>
        </InlineFieldRow>
      </Section>
    </>
  );
}

function summaryOf({ reduce, attempts, baseline, mark, legend }: MetricsQuery): string {
  const parts = [
    reduce && REDUCTIONS.find(({ value }) => value === reduce)?.label,
    attempts && 'All attempts',
    baseline && `Baseline ${baseline}`,
    mark && `Mark ${mark}`,
    legend && `Legend ${legend}`,
  ];
  return parts.filter(Boolean).join(' · ') || 'Many points, attempts, baseline, mark, legend';
}
