import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { escapeLines } from '../text/escapeText';
import { textWindow } from '../text/textWindow';
import { palette } from './palette';

/** A whole text, in windows where it is very long. It only ever becomes text nodes. */
export function RowText({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const [windows, setWindows] = useState(1);
  const shown = textWindow(text, windows);
  return (
    <>
      <div className={styles.text} dir="auto">
        {escapeLines(shown)}
      </div>
      {shown.length < text.length && (
        <Button size="sm" variant="secondary" onClick={() => setWindows(windows + 1)}>
          {`Show more (${shown.length.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters)`}
        </Button>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    unicodeBidi: 'isolate',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.6,
    padding: theme.spacing(1),
    background: palette(theme).background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
});
