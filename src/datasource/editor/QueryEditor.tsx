import type { QueryEditorProps } from '@grafana/data';
import { InlineField, InlineFieldRow, Input, RadioButtonGroup } from '@grafana/ui';
import { historyLabel, summaryLabel } from '@rolloscope/contract/names';
import React from 'react';
import { migrate, type RunsOptions, type StoreQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { MetricsFields } from './MetricsFields';
import { RowsFields } from './RowsFields';
import { RunsField } from './RunsField';

export type EditorProps = QueryEditorProps<RunsDataSource, StoreQuery, RunsOptions>;

const TYPES = [
  { value: 'metrics' as const, label: 'Metrics', description: 'Curves by step, by time or by another metric' },
  { value: 'rows' as const, label: 'Rows', description: 'A table of rollouts' },
  { value: 'runs' as const, label: 'Runs', description: 'The list of runs' },
  { value: 'status' as const, label: 'Status', description: 'How one run is doing' },
  { value: 'events' as const, label: 'Events', description: 'Run events, for annotations' },
];

/** The query as one would write it, where it can be written so. */
function label(query: StoreQuery): string | undefined {
  switch (query.queryType) {
    case 'rows':
      return query.rows === 'latest' ? summaryLabel(query.table) : historyLabel(query.table);
    case 'metrics':
      return query.metrics.map(historyLabel).join('  ');
    default:
      return undefined;
  }
}

/** Chooses from what the store really has; every field also takes variables and what is not there yet. */
export function QueryEditor({ query: saved, datasource, onChange, onRunQuery }: EditorProps) {
  const query = migrate(saved);
  const change = (next: StoreQuery) => {
    onChange(next);
    onRunQuery();
  };
  const written = label(query);
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Ask for" labelWidth={12}>
          <RadioButtonGroup
            aria-label="Ask for"
            options={TYPES}
            value={query.queryType}
            onChange={(queryType) => change(migrate({ refId: query.refId, queryType, runs: query.runs } as StoreQuery))}
          />
        </InlineField>
      </InlineFieldRow>
      <RunsField query={query} datasource={datasource} onChange={change} />
      {query.queryType === 'metrics' && <MetricsFields query={query} datasource={datasource} onChange={change} />}
      {query.queryType === 'rows' && <RowsFields query={query} datasource={datasource} onChange={change} />}
      {query.queryType === 'status' && (
        <InlineFieldRow>
          <InlineField label="Accuracy" labelWidth={12} tooltip="The eval metric that counts">
            <Input
              aria-label="Accuracy"
              width={40}
              defaultValue={query.accuracy}
              onBlur={(event) => change({ ...query, accuracy: event.currentTarget.value })}
            />
          </InlineField>
        </InlineFieldRow>
      )}
      {written && (
        <InlineFieldRow>
          <InlineField label="Reads" labelWidth={12}>
            <code style={{ padding: '6px 8px' }}>{written}</code>
          </InlineField>
        </InlineFieldRow>
      )}
    </>
  );
}
