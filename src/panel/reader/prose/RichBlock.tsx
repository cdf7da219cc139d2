import { css } from '@emotion/css';
import React, { memo, useRef } from 'react';
import { useChunk } from '../../lazy/lazyChunk';
import { CodeBlock } from '../blocks/CodeBlock';
import { Formula } from '../blocks/Formula';
import { VisibleText } from '../blocks/VisibleText';
import { useNearby } from '../lazy/Nearby';
import { hasMarkup } from './hasMarkup';
import { loadMarkup, markdown } from './loadMarkup';
import type { Block } from './splitBlocks';

/** Characters in a line of a drawer as wide as it opens. */
const WIDE = 90;

interface Props {
  block: Block;
  /** True where it is drawn in full from the start. */
  isFirst: boolean;
}

/** A block of a text: as it stands until it comes near what shows, then with its markup. */
export const RichBlock = memo(function RichBlock({ block, isFirst }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const { kind, open, text, close } = block;
  const isRich = kind !== 'prose' || hasMarkup(text);
  const isNear = useNearby(element, isFirst || !isRich, {
    characters: text.length,
    load: () => loadMarkup(block),
  });
  const chunk = useChunk(markdown, isRich && isNear && kind === 'prose');
  return (
    <div ref={element}>
      {kind === 'code' && <CodeBlock text={text} language={block.language} isNear={isNear} />}
      {kind === 'math' && <Formula source={open + text + close} tex={mathOf(block)} isDisplay isNear={isNear} />}
      {kind === 'prose' && (chunk ? <chunk.Markdown text={text} /> : <PlainPiece text={text} />)}
    </div>
  );
});

/** A piece of a text as it stands. */
export const PlainPiece = memo(function PlainPiece({ text }: { text: string }) {
  return (
    <div className={plain} dir="auto" style={{ containIntrinsicSize: `auto ${heightOf(text)}em` }}>
      <VisibleText text={withoutLastLine(text)} />
    </div>
  );
});

/** Guesses how high a text is, in its own letters: the room that it takes while it is not laid out. */
const heightOf = (text: string) => 1.6 * Math.max(text.split('\n').length, Math.ceil(text.length / WIDE));

/** An environment is part of what it holds; other signs only stand around it. */
const mathOf = ({ open, text, close }: Block) => (open.includes('begin') ? open + text + close : text);

/** The end of the last line is where the next block begins. */
const withoutLastLine = (text: string) => (text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text);

const plain = css({
  whiteSpace: 'pre-wrap',
  unicodeBidi: 'isolate',
  minHeight: '0.8em',
  // What is out of view is not laid out.
  contentVisibility: 'auto',
});
