import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { cutText } from '../text/cutText';
import { escapeLines } from '../text/escapeText';
import { palette } from './palette';

/** Characters that show at once; more would make the page slow to lay out. */
const WINDOW = 200_000;

/** A whole text, in windows where it is very long. It only ever becomes text nodes. */
export function RowText({ text }: { text: string }) {
  const styles = useStyles2(getStyles);
  const [limit, setLimit] = useState(WINDOW);
  const shown = cutText(text, limit);
  return (
    <>
      <div className={styles.text} dir="auto">
        {escapeLines(shown)}
      </div>
      {shown.length < text.length && (
        <Button size="sm" variant="secondary" onClick={() => setLimit(limit + WINDOW)}>
          {`Show more: ${shown.length} of ${text.length} characters`}
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
