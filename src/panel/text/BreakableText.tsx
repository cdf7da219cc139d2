import { css } from '@emotion/css';
import React, { Fragment, useMemo } from 'react';
import { escapeLines } from '../../shared/escapeText';
import { splitRuns } from './splitRuns';

/** Text as text nodes, in which lines can break wherever nobody wrote a blank for too long. */
export function BreakableText({ text }: { text: string }) {
  const pieces = useMemo(() => splitRuns(escapeLines(text)), [text]);
  return (
    <>
      {pieces.map(({ isRun, text: piece }, i) =>
        isRun ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <Run key={i} text={piece} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <Fragment key={i}>{piece}</Fragment>
        ),
      )}
    </>
  );
}

/** A piece of a run (`splitRuns`), behind any letter of which a line can break. */
export function Run({ text }: { text: string }) {
  return <span className={run}>{text}</span>;
}

const run = css({ fontKerning: 'none', fontVariantLigatures: 'none' });
