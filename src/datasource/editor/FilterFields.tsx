import { Button, InlineField, InlineFieldRow } from '@grafana/ui';
import type { Filter } from '@rolloscope/contract/types';
import React from 'react';
import type { Choice } from '../choices/Choice';
import type { ChoiceQuery } from '../choices/listChoices';
import type { StoreSource } from '../StoreSource';
import { LABEL_WIDTH } from './Field';
import { FilterLineFields } from './FilterLineFields';
import { type FilterLine, toFilter, toLines } from './filterLines';
import type { Options } from './useChoices';

interface Props {
  label: string;
  tooltip?: string;
  filter: Filter;
  columns: { list: Choice[]; options: Options };
  /** Returns the question that lists the values of a column; left out where nothing lists them. */
  valuesOf?: (column: string) => ChoiceQuery;
  datasource: StoreSource;
  onChange(filter: Filter): void;
}

/** Conditions that all must hold; "or" joins one to the condition before it. */
export function FilterFields({ label, tooltip, filter, columns, valuesOf, datasource, onChange }: Props) {
  const lines = toLines(filter);
  const set = (next: readonly FilterLine[]) => onChange(toFilter(next));
  const start = columns.list[0]?.value ?? 'step';
  const add = (
    <Button
      variant="secondary"
      icon="plus"
      tooltip={`Add a condition (${label.toLowerCase()})`}
      aria-label={`Add a condition: ${label.toLowerCase()}`}
      onClick={() => set([...lines, { joint: 'and', condition: { column: start, op: 'eq', value: '' } }])}
    />
  );
  const field = { label, labelWidth: LABEL_WIDTH, ...(tooltip !== undefined && { tooltip }) };
  return (
    <InlineFieldRow>
      {lines.length === 0 && <InlineField {...field}>{add}</InlineField>}
      {lines.map((line, i) => (
        <FilterLineFields
          // Conditions have no identity of their own: where they stand is all there is.
          // biome-ignore lint/suspicious/noArrayIndexKey: they are only ever appended or removed
          key={i}
          line={line}
          at={i}
          field={field}
          columns={columns}
          values={valuesOf?.(line.condition.column)}
          datasource={datasource}
          onChange={(next) => set(lines.flatMap((one, at) => (at === i ? (next ? [next] : []) : [one])))}
        />
      ))}
      {lines.length > 0 && add}
    </InlineFieldRow>
  );
}
