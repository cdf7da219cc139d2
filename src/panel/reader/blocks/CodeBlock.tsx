import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { palette } from '../../../shared/palette';
import { lazyChunk, useChunk } from '../../lazy/lazyChunk';
import { VisibleText } from './VisibleText';

export const highlighting = lazyChunk(() => import('./highlightCode'));

/** Longer code is shown without colours. */
const LONGEST = 20_000;

interface Props {
  text: string;
  language: string | undefined;
  isNear: boolean;
}

/** Code, coloured where its language is known. */
export function CodeBlock({ text, language, isNear }: Props) {
  const styles = useStyles2(getStyles);
  const chunk = useChunk(highlighting, isNear && language !== undefined && text.length <= LONGEST);
  const colored = useMemo(() => language && chunk?.highlightCode(text, language), [chunk, text, language]);
  return (
    <pre className={styles.code}>
      {language !== undefined && <span className={styles.language}>{language}</span>}
      <code dir="ltr">{colored || <VisibleText text={text.replace(/\r?\n$/, '')} />}</code>
    </pre>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const hue = (name: string) => ({ color: theme.visualization.getColorByName(name) });
  const isDark = theme.isDark;
  return {
    code: css({
      margin: theme.spacing(0.5, 0),
      padding: theme.spacing(1),
      border: `1px solid ${palette(theme).border.weak}`,
      background: palette(theme).background.secondary,
      color: palette(theme).text.primary,
      fontSize: theme.typography.bodySmall.fontSize,
      whiteSpace: 'pre-wrap',
      overflowWrap: 'anywhere',
      '& > code': {
        display: 'block',
        padding: 0,
        border: 0,
        background: 'none',
        color: 'inherit',
        fontSize: 'inherit',
        whiteSpace: 'inherit',
      },
      '& .hljs-comment, & .hljs-quote': { color: palette(theme).text.secondary, fontStyle: 'italic' },
      '& .hljs-keyword, & .hljs-selector-tag, & .hljs-meta': hue(isDark ? 'light-purple' : 'dark-purple'),
      '& .hljs-string, & .hljs-regexp, & .hljs-attr': hue(isDark ? 'light-green' : 'dark-green'),
      '& .hljs-number, & .hljs-literal, & .hljs-built_in': hue(isDark ? 'light-orange' : 'dark-orange'),
      '& .hljs-title, & .hljs-name, & .hljs-section': hue(isDark ? 'light-blue' : 'dark-blue'),
    }),
    language: css({
      // Lines of code go around it.
      float: 'right',
      marginLeft: theme.spacing(1),
      color: palette(theme).text.secondary,
      fontFamily: theme.typography.fontFamily,
      userSelect: 'none',
    }),
  };
};
