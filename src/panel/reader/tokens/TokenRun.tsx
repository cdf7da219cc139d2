import { css } from '@emotion/css';
import React, { memo, useRef } from 'react';
import { escapeLines } from '../../../shared/escapeText';
import { useNearby } from '../lazy/Nearby';
import type { Tokens } from './readTokens';
import { shadeOf, type TokenScale } from './tokenScale';

/** Characters of a single token that are drawn. */
const LONGEST = 200;

interface Props {
  tokens: Tokens;
  from: number;
  to: number;
  values: ReadonlyArray<number | null> | undefined;
  scale: TokenScale | undefined;
  /** The token that the viewer looks at, where it is one of these. */
  active: number | undefined;
}

/** Some tokens: plain text until they come near what shows, then each by itself. */
export const TokenRun = memo(function TokenRun({ tokens, from, to, values, scale, active }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const texts = tokens.texts.slice(from, to);
  const isNear = useNearby(element, from === 0, { characters: texts.join('').length }) || active !== undefined;
  return (
    <div ref={element} className={run} dir="auto">
      {isNear
        ? texts.map((text, i) => {
            const at = from + i;
            const shade = scale ? shadeOf(values?.[at], scale) : 0;
            return (
              <span
                key={at}
                data-token={at}
                data-shade={shade === 0 ? undefined : shade}
                data-masked={tokens.mask?.values[at] === 0 ? '' : undefined}
                data-active={at === active ? '' : undefined}
              >
                {tokenText(text)}
              </span>
            );
          })
        : texts.map(tokenText).join('')}
    </div>
  );
});

/** Returns what a token looks like: the end of a line shows as a sign before the line ends, an empty token as one. */
function tokenText(text: string): string {
  if (text === '') {
    return '∅';
  }
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return escapeLines(shown).replaceAll('\n', '↵\n').replaceAll('\t', '→\t');
}

const run = css({
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  unicodeBidi: 'isolate',
  fontKerning: 'none',
  fontVariantLigatures: 'none',
  contentVisibility: 'auto',
  containIntrinsicSize: 'auto 8em',
});
