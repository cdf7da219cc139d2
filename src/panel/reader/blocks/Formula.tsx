import { css } from '@emotion/css';
import React, { useMemo } from 'react';
import { lazyChunk, useChunk } from '../../lazy/lazyChunk';
import { VisibleText } from './VisibleText';

export const typesetting = lazyChunk(() => import('./typesetFormula'));

interface Props {
  /** The formula as it stands in the text, its delimiters included: shown where it cannot be typeset. */
  source: string;
  tex: string;
  isDisplay: boolean;
  isNear: boolean;
}

/** LaTeX as MathML elements. What is no LaTeX stays as it was written. */
export function Formula({ source, tex, isDisplay, isNear }: Props) {
  const chunk = useChunk(typesetting, isNear);
  const typeset = useMemo(() => chunk?.typesetFormula(tex, isDisplay), [chunk, tex, isDisplay]);
  if (!typeset) {
    return (
      <code className={isDisplay ? `${plain} ${block}` : plain} dir="ltr">
        <VisibleText text={source.replace(/\n$/, '')} />
      </code>
    );
  }
  const drawn = tex.includes('\\boxed') ? <span className={boxed}>{typeset}</span> : typeset;
  return isDisplay ? <div className={block}>{drawn}</div> : drawn;
}

const plain = css({ whiteSpace: 'pre-wrap', padding: 0, border: 0, background: 'none', color: 'inherit' });
/** What a model gives as its answer is found at a glance. */
const boxed = css({ fontSize: '1.15em', fontWeight: 700, '& [style*="border"]': { borderWidth: '2px !important' } });
const block = css({
  display: 'block',
  overflowX: 'auto',
  overflowY: 'hidden',
  margin: '6px 0',
  '& > math': { fontSize: '1.1em' },
});
