import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Label } from '@rolloscope/contract/types';
import React from 'react';
import { escapeLine, escapeLines } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { says } from './RowLabels';

interface Props {
  label: Label;
  /** The name that shows instead of the person's own. */
  name?: string;
  /** `comment` shows the comment alone: the rest shows elsewhere. */
  part?: 'comment';
  timeZone: string;
}

/** Shows a person's label: who, what, when. Names and comments are shown as text, whatever is in them. */
export function LabelLine({ label, name, part, timeZone }: Props) {
  const styles = useStyles2(getStyles);
  const { person, proven, star, verdict, comment, time } = label;
  const isWhole = part === undefined;
  return (
    <div className={styles.line}>
      <span className={styles.name} dir="auto" title={proven ? 'Named by Grafana' : 'As the client said'}>
        {escapeLine(name ?? person)}
      </span>
      {isWhole && star && (
        <span role="img" aria-label="starred">
          ★
        </span>
      )}
      {isWhole && verdict !== undefined && <span className={styles.verdict}>{escapeLine(verdict)}</span>}
      {!says(label) && <span className={styles.quiet}>took it back</span>}
      <time className={styles.quiet} dateTime={new Date(time).toISOString()}>
        {dateTimeFormat(time, { timeZone })}
      </time>
      {comment !== undefined && (
        <div className={styles.comment} dir="auto">
          {escapeLines(comment)}
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 0.75),
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  verdict: css({
    padding: theme.spacing(0, 0.75),
    border: `1px solid ${palette(theme).border.weak}`,
    borderRadius: theme.shape.radius.pill,
  }),
  quiet: css({ color: palette(theme).text.secondary }),
  comment: css({ flexBasis: '100%', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
});
