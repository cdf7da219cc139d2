import { css } from '@emotion/css';
import { Button } from '@grafana/ui';
import React, { type ReactNode, useId, useState } from 'react';

interface Props {
  title: string;
  /** A text of what is set in it, shown while it is closed. */
  summary: string;
  children: ReactNode;
}

const head = css({ display: 'flex', alignItems: 'center', gap: 8, marginBottom: 4, flexWrap: 'wrap' });

/** Settings that few need, folded away; what is set shows all the same. */
export function Section({ title, summary, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <div className={head}>
        <Button
          size="sm"
          fill="text"
          variant="secondary"
          icon={isOpen ? 'angle-down' : 'angle-right'}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {title}
        </Button>
        {!isOpen && <small>{summary}</small>}
      </div>
      <div id={id} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  );
}
