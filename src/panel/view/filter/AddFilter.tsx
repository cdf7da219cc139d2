import { css } from '@emotion/css';
import { Button, Combobox, Toggletip } from '@grafana/ui';
import React, { useState } from 'react';
import { FilterForm, type FilterFormProps } from './FilterForm';

interface Props extends Omit<FilterFormProps, 'column' | 'onChange'> {
  onChange: (column: string, conditions: Parameters<FilterFormProps['onChange']>[0]) => void;
}

/** A filter on any column, hidden ones among them. */
export function AddFilter(props: Props) {
  return (
    <Toggletip placement="bottom-start" closeButton={false} fitContent content={<ChooseColumn {...props} />}>
      <Button size="sm" variant="secondary" fill="text" icon="filter">
        Filter
      </Button>
    </Toggletip>
  );
}

function ChooseColumn({ data, narrowing, onChange }: Props) {
  const [name, setName] = useState<string>();
  const column = data.columns.find((one) => one.name === name);
  return (
    <section className={styles} aria-label="Filter">
      <Combobox
        aria-label="Column to filter by"
        placeholder="Column"
        options={data.columns.map((one) => ({ label: one.label, value: one.name }))}
        value={name ?? null}
        onChange={({ value }: { value: string }) => setName(value)}
      />
      {column && (
        <FilterForm
          key={column.name}
          data={data}
          column={column}
          narrowing={narrowing}
          onChange={(conditions) => onChange(column.name, conditions)}
        />
      )}
    </section>
  );
}

const styles = css({ display: 'flex', flexDirection: 'column', gap: 8, width: 260 });
