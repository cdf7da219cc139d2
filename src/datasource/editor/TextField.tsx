import { Input } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

interface Props {
  /** Its accessible name. */
  name: string;
  value: string;
  placeholder?: string;
  width?: number;
  type?: 'text' | 'number';
  onChange(value: string): void;
}

/** A text that counts once it is finished: with Enter, or when the field is left. */
export function TextField({ name, value, placeholder, width, type = 'text', onChange }: Props) {
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const finish = () => {
    if (draft !== value) {
      onChange(draft);
    }
  };
  return (
    <Input
      aria-label={name}
      type={type}
      value={draft}
      {...(placeholder !== undefined && { placeholder })}
      {...(width !== undefined && { width })}
      {...(type === 'number' && { min: 1 })}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && finish()}
      onBlur={finish}
    />
  );
}
