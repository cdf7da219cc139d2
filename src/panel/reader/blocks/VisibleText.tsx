import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { Fragment, useMemo } from 'react';
import { palette } from '../../../shared/palette';
import { Run } from '../../text/BreakableText';
import { visibleText } from './visibleText';

const TITLES = {
  token: 'A control token within the text: it structures nothing here',
  invisible: 'A character that does not show',
} as const;

/** Text as text nodes, with control tokens and invisible characters marked. */
export function VisibleText({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const pieces = useMemo(() => visibleText(text), [text]);
  return (
    <>
      {pieces.map(({ kind, text: piece }, i) =>
        kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <Fragment key={i}>{piece}</Fragment>
        ) : kind === 'run' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <Run key={i} text={piece} />
        ) : kind === 'latex' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <bdi key={i} dir="ltr">
            {piece}
          </bdi>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <code key={i} className={kind === 'token' ? styles.token : styles.invisible} title={TITLES[kind]}>
            {piece}
          </code>
        ),
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const mark = {
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: '0.9em',
    padding: '0 2px',
    margin: 0,
    borderRadius: 2,
    background: palette(theme).background.secondary,
    unicodeBidi: 'isolate' as const,
    direction: 'ltr' as const,
    whiteSpace: 'pre-wrap' as const,
  };
  return {
    token: css({ ...mark, color: palette(theme).warning.text, border: `1px dashed ${palette(theme).warning.border}` }),
    invisible: css({
      ...mark,
      color: palette(theme).text.secondary,
      border: `1px dotted ${palette(theme).text.secondary}`,
    }),
  };
};
