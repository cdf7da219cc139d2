import { Input } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

interface Props {
  /** Ties it to its label; else `name` names it. */
  id?: string;
  name?: string;
  value: string;
  placeholder?: string;
  width?: number;
  type?: 'text' | 'number';
  invalid?: boolean;
  onChange(value: string): void;
}

/** A text that counts once it is finished: with Enter, or when the field is left. */
export function TextField({ id, name, value, placeholder, width, type = 'text', invalid, onChange }: Props) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const finish = () => {
    if (draft !== value) {
      onChange(draft);
    }
  };
  return (
    <Input
      type={type}
      value={draft}
      {...(id !== undefined && { id })}
      {...(name !== undefined && { 'aria-label': name })}
      {...(placeholder !== undefined && { placeholder })}
      {...(width !== undefined && { width })}
      {...(invalid && { invalid })}
      {...(type === 'number' && { min: 1 })}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && finish()}
      onBlur={finish}
    />
  );
}
