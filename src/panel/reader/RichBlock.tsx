import { css } from '@emotion/css';
import React, { memo, useRef } from 'react';
import { CodeBlock } from './CodeBlock';
import { Formula } from './Formula';
import { lazyChunk, useChunk } from './lazyChunk';
import { useNearby } from './Nearby';
import { hasMarkup } from './rich/hasMarkup';
import type { Block } from './rich/splitBlocks';
import { VisibleText } from './VisibleText';

const markdown = lazyChunk(() => import('./rich/Markdown'));

interface Props {
  block: Block;
  /** Drawn in full from the start. */
  isFirst: boolean;
}

/** A block of a text: as it stands until it comes near what shows, then with its markup. */
export const RichBlock = memo(function RichBlock({ block, isFirst }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const { kind, open, text, close } = block;
  const isRich = kind !== 'prose' || hasMarkup(text);
  const isNear = useNearby(element, isFirst || !isRich);
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
    <div className={plain} dir="auto">
      <VisibleText text={withoutLastLine(text)} />
    </div>
  );
});

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
  containIntrinsicSize: 'auto 4em',
});
