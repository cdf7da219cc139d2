import { Portal, useStyles2 } from '@grafana/ui';
import React, { useLayoutEffect, useRef, useState } from 'react';
import type { Suggestion } from '../code/suggest';
import { codeStyles } from './codeStyles';

interface Props {
  id: string;
  list: readonly Suggestion[];
  active: number;
  /** Returns where on the screen the text stands that is completed. */
  at(): DOMRect | undefined;
  onChoose(suggestion: Suggestion): void;
}

const HEIGHT = 240;

/** The list of completions, below the text, or above it where there is no room. */
export function Suggestions({ id, list, active, at, onChoose }: Props) {
  const styles = useStyles2(codeStyles);
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top?: number; bottom?: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every list the text stands somewhere else
  useLayoutEffect(() => {
    const box = at();
    if (box) {
      const left = Math.max(8, Math.min(box.left, window.innerWidth - 240));
      const isLow = box.bottom + HEIGHT > window.innerHeight && box.top > HEIGHT;
      setPlace(isLow ? { left, bottom: window.innerHeight - box.top + 2 } : { left, top: box.bottom + 2 });
    }
  }, [list]);
  useLayoutEffect(() => {
    element.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <Portal>
      <div ref={element} id={id} role="listbox" aria-label="Completions" className={styles.list} style={place}>
        {list.map((suggestion, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys, and keeps the focus
          <div
            key={suggestion.insert}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            tabIndex={-1}
            className={styles.option}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(suggestion)}
          >
            <span className={styles.optionLabel}>{suggestion.label}</span>
            {suggestion.about && <span className={styles.optionAbout}>{suggestion.about}</span>}
          </div>
        ))}
      </div>
    </Portal>
  );
}
