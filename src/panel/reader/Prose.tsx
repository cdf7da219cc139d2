import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { VisibleText } from './VisibleText';
import { WindowedText } from './WindowedText';

interface Props {
  text: string;
  /** Shown as it stands, whatever it holds. */
  isPlain?: boolean;
}

/** What somebody wrote. */
export function Prose({ text }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <WindowedText text={text}>
      {(shown) => (
        <div className={styles.text} dir="auto">
          <VisibleText text={shown} />
        </div>
      )}
    </WindowedText>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    lineHeight: 1.6,
    padding: theme.spacing(0.5, 0),
  }),
});
