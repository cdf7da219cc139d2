import { InlineFieldRow } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import type { GroupsQuery, RowsQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { nearestTo, stepSelection } from '../toRequest';
import { ChoiceField } from './ChoiceField';
import { Field } from './Field';
import { patch } from './patch';
import { SearchFields } from './SearchFields';
import { TextField } from './TextField';

interface Props<Q> {
  query: Q;
  datasource: StoreSource;
  children?: ReactNode;
  onChange(query: Q): void;
}

/** The choice of rows, and of the table that they are in. */
export function TableFields<Q extends RowsQuery | GroupsQuery>({ query, datasource, children, onChange }: Props<Q>) {
  const set = (fields: Partial<Record<'table' | 'step' | 'search', unknown>>) =>
    onChange(patch(query, fields as never));
  const { step = '' } = query;
  const fault = stepFault(step);
  return (
    <InlineFieldRow>
      <ChoiceField
        label="Table"
        first
        value={query.table}
        datasource={datasource}
        of={{ kind: 'tables', runs: query.runs }}
        placeholder="Choose a table"
        width={30}
        onChange={(table) => onChange({ ...query, table })}
      />
      {children}
      <Field
        label="Step"
        tooltip="One such as 70, a range such as 10-20, several such as 10, 20, or ~70 for the nearest one that was logged; empty for all"
        invalid={fault}
      >
        {(id) => (
          <TextField
            id={id}
            width={14}
            placeholder="all"
            value={step}
            invalid={fault !== undefined}
            onChange={(next) => set({ step: next })}
          />
        )}
      </Field>
      <SearchFields search={query.search} onChange={(search) => set({ search })} />
    </InlineFieldRow>
  );
}

/** A variable's value shows when it is read. */
function stepFault(step: string): string | undefined {
  try {
    stepSelection(step.includes('$') || nearestTo(step) !== undefined ? '' : step);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
