import { Combobox, InlineField, InlineFieldRow, Input, RadioButtonGroup } from '@grafana/ui';
import React from 'react';
import type { RowsQuery } from '../query';
import type { RunsDataSource } from '../RunsDataSource';
import { useChoices, variableChoices } from './useChoices';

interface Props {
  query: RowsQuery;
  datasource: RunsDataSource;
  onChange(query: RowsQuery): void;
}

const ROWS = [
  { value: 'all' as const, label: 'All steps' },
  { value: 'latest' as const, label: 'Latest' },
];

export function RowsFields({ query, datasource, onChange }: Props) {
  const ids = query.runs.by === 'id' ? { run: query.runs.ids } : {};
  const tables = useChoices(datasource, { kind: 'tables', ...ids });
  return (
    <InlineFieldRow>
      <InlineField label="Table" labelWidth={12}>
        <Combobox
          aria-label="Table"
          options={[...variableChoices(), ...tables]}
          value={query.table || null}
          createCustomValue
          width={30}
          placeholder="Choose a table"
          onChange={({ value }) => onChange({ ...query, table: value })}
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
      <InlineField label="Step" tooltip="One step, or a range such as 10-20; empty for all">
        <Input
          aria-label="Step"
          width={12}
          placeholder="all"
          defaultValue={query.step ?? ''}
          onBlur={(event) => onChange({ ...query, step: event.currentTarget.value })}
        />
      </InlineField>
      <InlineField label="Search">
        <Input
          aria-label="Search"
          width={20}
          defaultValue={query.search ?? ''}
          onBlur={(event) => onChange({ ...query, search: event.currentTarget.value })}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
