import { InlineField, InlineFieldRow, InlineSwitch, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { RowsQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { CountField } from './CountField';
import { Field } from './Field';
import { FilterFields } from './FilterFields';
import { OrderFields } from './OrderFields';
import { patch } from './patch';
import { TableFields } from './TableFields';
import { useChoices } from './useChoices';

interface Props {
  query: RowsQuery;
  datasource: StoreSource;
  onChange(query: RowsQuery): void;
}

const ROWS = [
  { value: 'all' as const, label: 'All steps' },
  { value: 'latest' as const, label: 'Latest' },
];

export function RowsFields({ query, datasource, onChange }: Props) {
  const columns = useChoices(datasource, { kind: 'columns', runs: query.runs, table: query.table });
  const set = (fields: { [K in keyof RowsQuery]?: RowsQuery[K] | undefined }) => onChange(patch(query, fields));
  return (
    <>
      <TableFields query={query} datasource={datasource} onChange={onChange}>
        <InlineField label="Rows of" tooltip="Latest: what was logged last, as a W&B summary shows it">
          <RadioButtonGroup aria-label="Rows of" options={ROWS} value={query.rows} onChange={(rows) => set({ rows })} />
        </InlineField>
      </TableFields>
      <FilterFields
        label="Rows where"
        filter={query.filter ?? []}
        columns={columns}
        datasource={datasource}
        onChange={(filter) => set({ filter })}
      />
      <InlineFieldRow>
        <OrderFields
          first
          orderBy={query.orderBy ?? []}
          columns={columns.options}
          start="reward"
          onChange={(orderBy) => set({ orderBy })}
        />
        <CountField
          label="Rows in the frame"
          tooltip="The Rollouts panel pages through all rows whatever this says"
          placeholder="500"
          value={query.limit}
          onChange={(limit) => set({ limit })}
        />
        <Field label="Live" tooltip="While a run is running, new rows are asked for between refreshes">
          {(id) => (
            <InlineSwitch
              id={id}
              value={query.live ?? false}
              onChange={(event) => set({ live: event.currentTarget.checked })}
            />
          )}
        </Field>
        <Field label="Columns" grow>
          {(id) => (
            <MultiCombobox
              id={id}
              options={columns.options}
              value={query.columns ?? []}
              createCustomValue
              placeholder="all"
              onChange={(chosen) => set({ columns: chosen.map(({ value }) => value) })}
            />
          )}
        </Field>
      </InlineFieldRow>
    </>
  );
}
