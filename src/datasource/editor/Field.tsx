import { InlineField } from '@grafana/ui';
import React, { type ReactElement, useId } from 'react';

/** Width of the first label of each row, in Grafana's units of 8 pixels: what stands behind begins in one line. */
export const LABEL_WIDTH = 14;

interface Props {
  label: string;
  tooltip?: string | undefined;
  /** The first of its row: its label is as wide as those above and below. */
  first?: boolean;
  grow?: boolean;
  invalid?: string | undefined;
  /** Takes the id that ties it to its label, which is its name for screen readers. */
  children(id: string): ReactElement<{ id?: string }>;
}

/** A labelled field of the editor. */
export function Field({ label, tooltip, first, grow, invalid, children }: Props) {
  const id = useId();
  return (
    <InlineField
      label={label}
      htmlFor={id}
      {...(tooltip !== undefined && { tooltip })}
      {...(first && { labelWidth: LABEL_WIDTH })}
      {...(grow && { grow, shrink: true })}
      {...(invalid !== undefined && { invalid: true, error: invalid })}
    >
      {children(id)}
    </InlineField>
  );
}
