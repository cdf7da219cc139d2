import { Combobox, InlineFieldRow, RadioButtonGroup } from '@grafana/ui';
import { GROUP_ORDERS } from '@rolloscope/contract/names';
import React from 'react';
import type { GroupsQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { ChoiceField } from './ChoiceField';
import { CountField } from './CountField';
import { Field } from './Field';
import { FilterFields } from './FilterFields';
import { DIRECTIONS } from './OrderFields';
import { patch } from './patch';
import { TableFields } from './TableFields';
import { TextField } from './TextField';
import { useChoices } from './useChoices';

interface Props {
  query: GroupsQuery;
  datasource: StoreSource;
  onChange(query: GroupsQuery): void;
}

const ABOUT: Readonly<Record<(typeof GROUP_ORDERS)[number], string>> = {
  mean: 'Mean reward',
  sd: 'Spread of the rewards',
  min: 'Lowest reward',
  max: 'Highest reward',
  n: 'Number of rollouts',
  change: 'Change of the mean',
};
const ORDERS = GROUP_ORDERS.map((value) => ({ value, description: ABOUT[value] }));

export function GroupsFields({ query, datasource, onChange }: Props) {
  const columns = useChoices(datasource, { kind: 'columns', runs: query.runs, table: query.table });
  const { compareTo = {}, orderBy } = query;
  const set = (fields: { [K in keyof GroupsQuery]?: GroupsQuery[K] | undefined }) => onChange(patch(query, fields));
  const compare = (change: { run?: string; step?: string }) => {
    const next = patch(compareTo, change);
    set({ compareTo: Object.keys(next).length > 0 ? next : undefined });
  };
  return (
    <>
      <TableFields query={query} datasource={datasource} onChange={onChange} />
      <FilterFields
        label="Rows where"
        filter={query.filter ?? []}
        columns={columns}
        datasource={datasource}
        onChange={(filter) => set({ filter })}
      />
      <InlineFieldRow>
        <ChoiceField
          label="Compare to"
          tooltip="The change of each prompt's mean reward against this run"
          first
          value={compareTo.run ?? ''}
          datasource={datasource}
          of={{ kind: 'runs' }}
          placeholder="the same run"
          width={24}
          onChange={(run) => compare({ run })}
        />
        <Field label="at step" tooltip="The change against this step">
          {(id) => (
            <TextField
              id={id}
              width={10}
              placeholder="none"
              value={compareTo.step ?? ''}
              onChange={(step) => compare({ step })}
            />
          )}
        </Field>
        <Field label="Order by">
          {(id) => (
            <Combobox
              id={id}
              options={ORDERS}
              value={orderBy?.by ?? null}
              isClearable
              placeholder="first seen"
              width={16}
              onChange={(chosen) =>
                set({ orderBy: chosen ? { by: chosen.value, direction: orderBy?.direction ?? 'asc' } : undefined })
              }
            />
          )}
        </Field>
        {orderBy && (
          <RadioButtonGroup
            aria-label="Direction"
            options={DIRECTIONS}
            value={orderBy.direction}
            onChange={(direction) => set({ orderBy: { ...orderBy, direction } })}
          />
        )}
        <CountField
          label="At most"
          tooltip="So many prompts"
          placeholder="500"
          value={query.limit}
          onChange={(limit) => set({ limit })}
        />
      </InlineFieldRow>
    </>
  );
}
