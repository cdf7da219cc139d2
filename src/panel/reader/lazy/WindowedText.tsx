import { Button } from '@grafana/ui';
import React, { type ReactNode, useState } from 'react';
import { textWindow } from '../../text/textWindow';

interface Props {
  text: string;
  children: (shown: string) => ReactNode;
}

/** A text in windows where it is very long: the first one, and a button for the next. */
export function WindowedText({ text, children }: Props) {
  const [windows, setWindows] = useState(1);
  const shown = textWindow(text, windows);
  return (
    <>
      {children(shown)}
      {shown.length < text.length && (
        <Button size="sm" variant="secondary" onClick={() => setWindows(windows + 1)}>
          {`Show more (${shown.length.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters)`}
        </Button>
      )}
    </>
  );
}
