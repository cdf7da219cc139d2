import { Combobox, InlineField, InlineFieldRow, MultiCombobox, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { RowsQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { ChoiceField } from './ChoiceField';
import { FilterFields } from './FilterFields';
import { TextField } from './TextField';
import { useColumns } from './useColumns';

interface Props {
  query: RowsQuery;
  datasource: RunsDataSource;
  onChange(query: RowsQuery): void;
}

const ROWS = [
  { value: 'all' as const, label: 'All steps' },
  { value: 'latest' as const, label: 'Latest' },
];
const DIRECTIONS = [
  { value: 'asc' as const, label: 'Up' },
  { value: 'desc' as const, label: 'Down' },
];

export function RowsFields({ query, datasource, onChange }: Props) {
  const ids = query.runs.by === 'id' ? { run: query.runs.ids } : {};
  const columns = useColumns(datasource, query);
  const [order] = query.orderBy ?? [];
  const { orderBy: _o, columns: _c, limit: _l, ...rest } = query;
  const kept = { ...(query.columns && { columns: query.columns }), ...(query.limit && { limit: query.limit }) };
  const sort = (column: string, direction: 'asc' | 'desc') =>
    onChange(column ? { ...rest, ...kept, orderBy: [{ column, direction }] } : { ...rest, ...kept });
  const sorted = query.orderBy && { orderBy: query.orderBy };
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Table" labelWidth={12}>
          <ChoiceField
            name="Table"
            value={query.table}
            datasource={datasource}
            of={{ kind: 'tables', ...ids }}
            placeholder="Choose a table"
            width={30}
            onChange={(table) => onChange({ ...query, table })}
          />
        </InlineField>
        <InlineField label="Rows of" tooltip="Latest: what was logged last, as a W&B summary shows it">
          <RadioButtonGroup
            aria-label="Rows of"
            options={ROWS}
            value={query.rows}
            onChange={(rows) => onChange({ ...query, rows })}
          />
        </InlineField>
        <InlineField
          label="Step"
          tooltip="One such as 70, a range such as 10-20, several such as 10, 20; empty for all"
        >
          <TextField
            name="Step"
            width={14}
            placeholder="all"
            value={query.step ?? ''}
            onChange={(step) => onChange({ ...query, step })}
          />
        </InlineField>
        <InlineField label="Search" tooltip="In every text, ignoring case">
          <TextField
            name="Search"
            width={20}
            value={typeof query.search === 'string' ? query.search : (query.search?.text ?? '')}
            onChange={(search) => onChange({ ...query, search })}
          />
        </InlineField>
      </InlineFieldRow>
      <FilterFields
        filter={(query.filter ?? []).flatMap((part) => ('anyOf' in part ? part.anyOf : [part]))}
        columns={columns}
        onChange={(filter) => onChange({ ...query, filter })}
      />
      <InlineFieldRow>
        <InlineField label="Order by" labelWidth={12}>
          <Combobox
            aria-label="Order by"
            options={columns}
            value={order?.column ?? null}
            createCustomValue
            isClearable
            placeholder="as logged"
            width={20}
            onChange={(chosen) => sort(chosen?.value ?? '', order?.direction ?? 'asc')}
          />
        </InlineField>
        {order && (
          <RadioButtonGroup
            aria-label="Direction"
            options={DIRECTIONS}
            value={order.direction}
            onChange={(direction) => sort(order.column, direction)}
          />
        )}
        <InlineField label="Rows in the frame" tooltip="The Rollouts panel pages through all rows whatever this says">
          <TextField
            name="Rows in the frame"
            type="number"
            width={10}
            placeholder="500"
            value={String(query.limit ?? '')}
            onChange={(value) => {
              const limit = Math.max(0, Math.floor(Number(value)));
              const others = { ...rest, ...sorted, ...(query.columns && { columns: query.columns }) };
              onChange(limit ? { ...others, limit } : others);
            }}
          />
        </InlineField>
        <InlineField label="Columns" grow shrink>
          <MultiCombobox
            aria-label="Columns"
            options={columns}
            value={query.columns ?? []}
            createCustomValue
            placeholder="all"
            onChange={(chosen) => {
              const others = { ...rest, ...sorted, ...(query.limit && { limit: query.limit }) };
              onChange(chosen.length > 0 ? { ...others, columns: chosen.map(({ value }) => value) } : others);
            }}
          />
        </InlineField>
      </InlineFieldRow>
    </>
  );
}
