import { css } from '@emotion/css';
import { Button, IconButton, InlineField, RadioButtonGroup } from '@grafana/ui';
import type { OrderBy } from '@rolloscope/contract/types';
import React from 'react';
import { LABEL_WIDTH } from './Field';
import { NamedCombobox } from './NamedCombobox';
import type { Options } from './useChoices';

interface Props {
  orderBy: OrderBy;
  columns: Options;
  /** The first column that is offered. */
  start: string;
  first?: boolean;
  onChange(orderBy: OrderBy): void;
}

export const DIRECTIONS = [
  { value: 'asc' as const, label: 'Up' },
  { value: 'desc' as const, label: 'Down' },
];
const row = css({ display: 'flex', flexWrap: 'wrap', gap: 4, alignItems: 'center' });

/** Columns to order by, the first one first. */
export function OrderFields({ orderBy, columns, start, first, onChange }: Props) {
  const set = (at: number, change: Partial<OrderBy[number]>) =>
    onChange(orderBy.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <InlineField label="Order by" shrink {...(first && { labelWidth: LABEL_WIDTH })}>
      <div className={row}>
        {orderBy.map(({ column, direction }, i) => (
          // Where it stands is all that one is.
          // biome-ignore lint/suspicious/noArrayIndexKey: they are only ever appended or removed
          <div key={i} className={row}>
            <NamedCombobox
              name={`Order by ${i + 1}`}
              options={columns}
              value={column}
              width={20}
              custom
              onChange={(next) => set(i, { column: next })}
            />
            <RadioButtonGroup
              aria-label={`Direction ${i + 1}`}
              options={DIRECTIONS}
              value={direction}
              onChange={(next) => set(i, { direction: next })}
            />
            <IconButton
              name="trash-alt"
              tooltip={`Remove order ${i + 1}`}
              onClick={() => onChange(orderBy.filter((_, at) => at !== i))}
            />
          </div>
        ))}
        <Button
          variant="secondary"
          icon="plus"
          tooltip="Add an order"
          aria-label="Add an order"
          onClick={() => onChange([...orderBy, { column: start, direction: 'desc' }])}
        />
      </div>
    </InlineField>
  );
}
