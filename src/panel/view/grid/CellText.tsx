import React from 'react';
import { escapeLine } from '../../../shared/escapeText';
import type { Excerpt } from '../../text/excerptOf';

/** A text with its hits marked; nothing in it is ever read as markup. */
export function CellText({ excerpt }: { excerpt: Excerpt }) {
  return (
    <>
      {excerpt.isCutBefore && '…'}
      {excerpt.pieces.map((piece, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name, and never move
          <mark key={i}>{escapeLine(piece)}</mark>
        ) : (
          escapeLine(piece)
        ),
      )}
      {excerpt.isCutAfter && '…'}
    </>
  );
}
