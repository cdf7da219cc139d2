import type { QueryEditorProps } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { InlineField, InlineFieldRow, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import { interpolate } from '../interpolate';
import { migrate } from '../migrate';
import type { RunsOptions, StoreQuery } from '../query';
import { queryText } from '../queryText';
import type { RunsDataSource } from '../RunsDataSource';
import { ChoiceField } from './ChoiceField';
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

/** A query of another type for the same runs. */
const ofType = ({ refId, runs, hide, datasource }: StoreQuery, queryType: StoreQuery['queryType']) =>
  migrate({
    refId,
    queryType,
    runs,
    ...(hide !== undefined && { hide }),
    ...(datasource !== undefined && { datasource }),
  } as StoreQuery);

/** Chooses from what the store really has; every field also takes variables and what is not there yet. */
export function QueryEditor({ query: saved, datasource, onChange, onRunQuery }: EditorProps) {
  const query = migrate(saved);
  const change = (next: StoreQuery) => {
    onChange(next);
    onRunQuery();
  };
  const written = queryText(interpolate(query, getTemplateSrv()));
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Ask for" labelWidth={12}>
          <RadioButtonGroup
            aria-label="Ask for"
            options={TYPES}
            value={query.queryType}
            onChange={(queryType) => change(ofType(query, queryType))}
          />
        </InlineField>
      </InlineFieldRow>
      <RunsField query={query} datasource={datasource} onChange={change} />
      {query.queryType === 'metrics' && <MetricsFields query={query} datasource={datasource} onChange={change} />}
      {query.queryType === 'rows' && <RowsFields query={query} datasource={datasource} onChange={change} />}
      {query.queryType === 'status' && (
        <InlineFieldRow>
          <InlineField label="Accuracy" labelWidth={12} tooltip="The eval metric that counts">
            <ChoiceField
              name="Accuracy"
              value={query.accuracy}
              datasource={datasource}
              of={{ kind: 'metrics' }}
              placeholder="Choose a metric"
              width={40}
              onChange={(accuracy) => change({ ...query, accuracy })}
            />
          </InlineField>
        </InlineFieldRow>
      )}
      {written && (
        <InlineFieldRow>
          <InlineField label="Reads" labelWidth={12}>
            <code style={{ padding: '6px 8px', overflowWrap: 'anywhere' }}>{written}</code>
          </InlineField>
        </InlineFieldRow>
      )}
    </>
  );
}
