import { Combobox } from '@grafana/ui';
import type { Search } from '@rolloscope/contract/types';
import React from 'react';
import { Field } from './Field';
import { TextField } from './TextField';

interface Props {
  search: Search | undefined;
  onChange(search: Search | undefined): void;
}

const MODES = [
  { value: 'plain' as const, label: 'Plain' },
  { value: 'word' as const, label: 'Whole words' },
  { value: 'regex' as const, label: 'Regex', description: "RE2's syntax" },
];

/** A text to find in every text column; code can also name columns, and heed case. */
export function SearchFields({ search, onChange }: Props) {
  const whole = typeof search === 'object' ? search : { text: search ?? '', mode: 'plain' as const };
  const set = (next: Exclude<Search, string>) => {
    const isSimple = next.mode === 'plain' && !next.case && !next.columns;
    onChange(next.text === '' ? undefined : isSimple ? next.text : next);
  };
  return (
    <>
      <Field label="Search" tooltip="In every text, ignoring case">
        {(id) => <TextField id={id} width={20} value={whole.text} onChange={(text) => set({ ...whole, text })} />}
      </Field>
      {whole.text !== '' && (
        <Field label="As">
          {(id) => (
            <Combobox
              id={id}
              options={MODES}
              value={whole.mode}
              width={16}
              onChange={({ value }) => set({ ...whole, mode: value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
