import { css } from '@emotion/css';
import { Combobox } from '@grafana/ui';
import React, { useId } from 'react';
import type { Options } from './useChoices';

interface Props {
  /** The name for screen readers: where the field stands says the rest. */
  name: string;
  options: Options;
  value: string;
  width: number;
  custom?: boolean;
  onChange(value: string): void;
}

const hidden = css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clip: 'rect(0 0 0 0)' });

/** A list without a label that shows. Its name is an element, since Grafana 11's takes no `aria-label`. */
export function NamedCombobox({ name, options, value, width, custom, onChange }: Props) {
  const id = useId();
  return (
    <>
      <span id={id} className={hidden}>
        {name}
      </span>
      <Combobox
        aria-labelledby={id}
        options={options}
        value={value || null}
        width={width}
        {...(custom && { createCustomValue: true })}
        onChange={(chosen) => onChange(chosen.value)}
      />
    </>
  );
}
