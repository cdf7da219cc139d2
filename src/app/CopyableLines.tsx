import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';
import React from 'react';

/** Lines for a shell, whole at any width, with a button that copies them. */
export function CopyableLines({ lines, name }: { lines: string; name: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.box}>
      <pre className={styles.lines}>{lines}</pre>
      <ClipboardButton
        icon="copy"
        variant="secondary"
        size="sm"
        getText={() => lines}
        aria-label={`Copy the lines for ${name}`}
      >
        Copy
      </ClipboardButton>
    </div>
  );
}

const getStyles = ({ spacing }: GrafanaTheme2) => ({
  box: css({ display: 'flex', flexWrap: 'wrap', gap: spacing(1), alignItems: 'flex-start' }),
  lines: css({ flex: '1 1 240px', minWidth: 0, margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
});
