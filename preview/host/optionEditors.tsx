import type { SelectableValue, StandardEditorContext, StandardEditorProps } from '@grafana/data';
import { Input, MultiSelect, RadioButtonGroup, Select, Switch } from '@grafana/ui';
import { type ComponentType, useEffect, useState } from 'react';

interface Settings {
  options?: SelectableValue[];
  getOptions?: (context: StandardEditorContext<unknown>) => Promise<SelectableValue[]>;
  placeholder?: string;
  isClearable?: boolean;
  allowCustomValue?: boolean;
  min?: number;
  max?: number;
  step?: number;
}

type Props<T> = StandardEditorProps<T, Settings>;

function TextEditor({ value, onChange, item }: Props<string>) {
  const placeholder = item.settings?.placeholder ?? '';
  return <Input defaultValue={value ?? ''} placeholder={placeholder} onBlur={(e) => onChange(e.currentTarget.value)} />;
}

function NumberEditor({ value, onChange, item }: Props<number>) {
  const { placeholder = '', min, max, step } = item.settings ?? {};
  const given = { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(step && { step }) };
  return (
    <Input
      type="number"
      {...given}
      placeholder={placeholder}
      defaultValue={value ?? ''}
      onBlur={(e) => onChange(e.currentTarget.value === '' ? undefined : e.currentTarget.valueAsNumber)}
    />
  );
}

const BooleanEditor = ({ value, onChange }: Props<boolean>) => (
  <Switch value={value ?? false} onChange={(e) => onChange(e.currentTarget.checked)} />
);

/** The choices of an option, those that depend on the panel's data among them. */
function useChoices({ item, context }: Pick<Props<unknown>, 'item' | 'context'>): SelectableValue[] {
  const [choices, setChoices] = useState<SelectableValue[]>(item.settings?.options ?? []);
  useEffect(() => {
    void item.settings?.getOptions?.(context).then(setChoices);
  }, [item, context]);
  return choices;
}

const RadioEditor = (props: Props<unknown>) => (
  <RadioButtonGroup value={props.value} options={useChoices(props)} onChange={props.onChange} />
);

const SelectEditor = (props: Props<unknown>) => (
  <Select
    value={props.value}
    options={useChoices(props)}
    isClearable={props.item.settings?.isClearable ?? false}
    allowCustomValue={props.item.settings?.allowCustomValue ?? false}
    onChange={(choice) => props.onChange(choice?.value)}
  />
);

const MultiSelectEditor = (props: Props<unknown[]>) => (
  <MultiSelect
    value={props.value ?? []}
    options={useChoices(props)}
    allowCustomValue={props.item.settings?.allowCustomValue ?? false}
    onChange={(choices) => props.onChange(choices.map(({ value }) => value))}
  />
);

/** Names of fields of the panel's data. */
function FieldNameEditor({ value, onChange, context }: Props<string>) {
  const names = new Set(context.data.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const choices = [...names].map((name) => ({ label: name, value: name }));
  return <Select value={value} options={choices} isClearable onChange={(choice) => onChange(choice?.value)} />;
}

const NoEditor = () => <em>Not in the preview</em>;

/** Simple stand-ins for Grafana's editors of options, by id. */
export const optionEditors: Record<string, ComponentType<never>> = {
  text: TextEditor,
  number: NumberEditor,
  slider: NumberEditor,
  boolean: BooleanEditor,
  radio: RadioEditor,
  select: SelectEditor,
  'multi-select': MultiSelectEditor,
  'field-name': FieldNameEditor,
  unit: NoEditor,
  links: NoEditor,
  'stats-picker': NoEditor,
  strings: NoEditor,
  timezone: NoEditor,
  fieldColor: NoEditor,
  color: NoEditor,
  'dashboard-uid': NoEditor,
  mappings: NoEditor,
  thresholds: NoEditor,
  actions: NoEditor,
};
