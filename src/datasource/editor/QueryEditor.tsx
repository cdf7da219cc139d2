import type { QueryEditorProps } from '@grafana/data';
import { Combobox, InlineFieldRow, RadioButtonGroup } from '@grafana/ui';
import { isEqual } from 'lodash';
import React, { useRef } from 'react';
import { migrate, panelFields } from '../migrate';
import type { RunsOptions, StoreQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { BuilderFields } from './BuilderFields';
import { CodeField } from './CodeField';
import { Field } from './Field';
import { useFirstAnswer } from './useFirstAnswer';

export type EditorProps = QueryEditorProps<StoreSource, StoreQuery, RunsOptions>;

const TYPES = [
  { value: 'metrics' as const, label: 'Metrics', description: 'Curves by step, by time or by another metric' },
  { value: 'rows' as const, label: 'Rows', description: 'A table of rollouts' },
  { value: 'groups' as const, label: 'Prompt groups', description: 'A line for all rollouts of one prompt' },
  { value: 'runs' as const, label: 'Runs', description: 'The list of runs' },
  { value: 'compare' as const, label: 'Config', description: 'The config of runs side by side' },
  { value: 'status' as const, label: 'Status', description: 'How one run is doing' },
  { value: 'events' as const, label: 'Events', description: 'Run events, for annotations' },
];
const MODES = [
  { value: 'builder' as const, label: 'Builder' },
  { value: 'code' as const, label: 'Code' },
];

/** A query of another type for the same runs, and the same table or metrics where it has some. */
const ofType = (query: StoreQuery, queryType: StoreQuery['queryType']) =>
  migrate({
    ...panelFields(query),
    runs: query.runs,
    queryType,
    ...('table' in query && { table: query.table }),
    ...('metrics' in query && { metrics: query.metrics }),
  } as StoreQuery);

/** Chooses from what the store really has, or takes a query as code: two views of one query, nothing is lost. */
export function QueryEditor({ query: saved, datasource, onChange, onRunQuery, app, data }: EditorProps) {
  useFirstAnswer({ app, data, datasource, onRunQuery });
  const query = migrate(saved);
  const newest = useRef(query);
  newest.current = query;
  const change = (next: StoreQuery) => {
    // Explore draws the editor anew within a change, and Grafana's lists (12.4) tell an earlier editor of their choice
    // again then: without an end, if it were passed on.
    if (!isEqual(next, newest.current)) {
      newest.current = next;
      onChange(next);
      onRunQuery();
    }
  };
  const mode = query.editorMode ?? 'builder';
  const setMode = (next: 'builder' | 'code') => {
    const { editorMode: _, ...rest } = query;
    onChange(next === 'code' ? { ...query, editorMode: next } : rest);
  };
  return (
    <>
      <InlineFieldRow>
        <Field label="Ask for" first>
          {(id) => (
            <Combobox
              id={id}
              options={TYPES}
              value={query.queryType}
              width={22}
              onChange={({ value }) => change(ofType(query, value))}
            />
          )}
        </Field>
        <div style={{ marginLeft: 'auto' }}>
          <RadioButtonGroup aria-label="Editor" options={MODES} value={mode} onChange={setMode} />
        </div>
      </InlineFieldRow>
      {mode === 'code' ? (
        <CodeField query={query} datasource={datasource} onChange={change} />
      ) : (
        <BuilderFields query={query} datasource={datasource} onChange={change} />
      )}
    </>
  );
}
