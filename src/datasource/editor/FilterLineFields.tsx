import { css } from '@emotion/css';
import { type ComboboxOption, IconButton, InlineField } from '@grafana/ui';
import type { Condition, Operator } from '@rolloscope/contract/types';
import React from 'react';
import type { Choice } from '../choices/Choice';
import type { ChoiceQuery } from '../choices/listChoices';
import { conditionValue } from '../conditionValue';
import type { StoreSource } from '../StoreSource';
import type { FilterLine } from './filterLines';
import { NamedCombobox } from './NamedCombobox';
import { TextField } from './TextField';
import { type Options, useChoices } from './useChoices';

interface Props {
  line: FilterLine;
  /** The index of the line, from 0. */
  at: number;
  /** The label in front of the first. */
  field: { label: string; labelWidth: number; tooltip?: string };
  columns: { list: Choice[]; options: Options };
  values: ChoiceQuery | undefined;
  datasource: StoreSource;
  /** Called with the changed line; without one, the line goes. */
  onChange(line?: FilterLine): void;
}

const OPERATORS: ComboboxOption<Operator>[] = [
  { value: 'eq', label: '=' },
  { value: 'ne', label: '≠' },
  { value: 'lt', label: '<' },
  { value: 'le', label: '≤' },
  { value: 'gt', label: '>' },
  { value: 'ge', label: '≥' },
  { value: 'in', label: 'one of', description: 'Values with commas between' },
  { value: 'contains', label: 'contains', description: 'Ignoring case' },
  { value: 'matches', label: 'matches', description: 'A regular expression' },
  { value: 'isNull', label: 'is empty' },
];
const NOT_EMPTY = 'notNull';
const SHOWN: ComboboxOption<string>[] = [...OPERATORS, { value: NOT_EMPTY, label: 'is not empty' }];
const JOINTS: ComboboxOption<string>[] = [{ value: 'and' }, { value: 'or' }];
const parts = css({ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' });

const shown = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(shown).join(', ')
    : value === undefined
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

/** One condition: column, comparison, value. */
export function FilterLineFields({ line, at, field, columns, values, datasource, onChange }: Props) {
  const { joint, condition } = line;
  const { column, op, value } = condition;
  const nth = `of ${field.label.toLowerCase()} ${at + 1}`;
  const text = shown(value);
  const choices = useChoices(datasource, values);
  // What a run has under a key is text or number: the store compares both alike.
  const isNumber = values !== undefined || columns.list.find((one) => one.value === column)?.about === 'number';
  const set = (next: { column?: string; op?: string; text?: string }) => {
    const { column: to = column, op: by = op, text: written = text } = next;
    const operator = by === NOT_EMPTY ? 'isNull' : (by as Operator);
    const changed: Condition =
      by === NOT_EMPTY
        ? { column: to, op: 'isNull', value: false }
        : { column: to, op: operator, ...conditionValue(operator, written, isNumber) };
    onChange({ joint, condition: changed });
  };
  const body = (
    <div className={parts}>
      {at > 0 && (
        <NamedCombobox
          name={`Joint ${nth}`}
          options={JOINTS}
          value={joint}
          width={9}
          onChange={(next) => onChange({ ...line, joint: next === 'or' ? 'or' : 'and' })}
        />
      )}
      <NamedCombobox
        name={`Column ${nth}`}
        options={columns.options}
        value={column}
        width={20}
        custom
        onChange={(next) => set({ column: next })}
      />
      <NamedCombobox
        name={`Comparison ${nth}`}
        options={SHOWN}
        value={op === 'isNull' && value === false ? NOT_EMPTY : op}
        width={14}
        onChange={(next) => set({ op: next })}
      />
      {op !== 'isNull' &&
        (values && op !== 'in' ? (
          <NamedCombobox
            name={`Value ${nth}`}
            options={choices.options}
            value={text}
            width={18}
            custom
            onChange={(next) => set({ text: next })}
          />
        ) : (
          <TextField name={`Value ${nth}`} width={18} value={text} onChange={(next) => set({ text: next })} />
        ))}
      <IconButton name="trash-alt" tooltip={`Remove ${nth.replace(/^of /, '')}`} onClick={() => onChange()} />
    </div>
  );
  return (
    <InlineField shrink {...(at === 0 && field)}>
      {body}
    </InlineField>
  );
}
