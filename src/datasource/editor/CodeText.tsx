import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { CodeError } from '../code/CodeError';
import { highlight, markPieces } from '../code/highlight';
import { codeStyles } from './codeStyles';

interface Props {
  text: string;
  error: CodeError | undefined;
  /** The place in the text where the list of suggestions belongs. */
  cursor: number | undefined;
  /** The id of the element that stands there. */
  marker: string;
}

/** The coloured text behind the field; it takes as much room as the text, so the field grows with it. */
export function CodeText({ text, error, cursor, marker }: Props) {
  const styles = useStyles2(codeStyles);
  const pieces = markPieces(highlight(text), error?.from ?? -1, error?.to ?? -1);
  const isAtEnd = error !== undefined && error.from >= text.length;
  return (
    <pre className={styles.whole} aria-hidden data-testid="code text">
      {pieces.map(({ text: part, kind, isMarked }, i) => (
        // Pieces are redrawn whole with every letter.
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no identity of their own
        <span key={i} className={`${styles[kind]} ${isMarked ? styles.marked : ''}`}>
          {part}
        </span>
      ))}
      {isAtEnd && <span className={styles.marked}> </span>}
      {'\u200b'}
      {cursor !== undefined && (
        <span className={styles.ghost}>
          {text.slice(0, cursor)}
          <span id={marker}>{'\u200b'}</span>
        </span>
      )}
    </pre>
  );
}
