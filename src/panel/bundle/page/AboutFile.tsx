import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { mediaCount } from '../../media/mediaWords';
import { countText } from '../../text/countText';
import type { Bundle, RedactionList } from '../Bundle';

/** Shows where the file comes from, and what was kept out of it. */
export function AboutFile({ bundle: { facts, redaction } }: { bundle: Bundle }) {
  const styles = useStyles2(getStyles);
  return (
    <details className={styles.about}>
      <summary>About this file: where it comes from, and what was left out</summary>
      <dl className={styles.facts}>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{escapeLine(value)}</dd>
          </div>
        ))}
        <div>
          <dt>Left out and blacked out</dt>
          <dd>
            {redactionLines(redaction).map((line) => (
              <div key={line}>{line}</div>
            ))}
          </dd>
        </div>
      </dl>
    </details>
  );
}

/** Says in words what was left out and blacked out, a line each. */
function redactionLines({ columns, facts, words, media }: RedactionList): string[] {
  const lines = [
    ...(columns.length > 0 ? [`Left out, columns: ${columns.map(escapeLine).join(', ')}`] : []),
    ...(facts.length > 0 ? [`Left out, of the source: ${facts.join(', ')}`] : []),
    ...(media > 0 ? [`Left out: ${mediaCount(media)}`] : []),
    ...words.map(
      ({ isPattern, times }, i) =>
        `Blacked out, ${isPattern ? 'a pattern' : 'a word'} (number ${i + 1} of the list): ${countText(times, 'time')}`,
    ),
  ];
  return lines.length > 0 ? lines : ['Nothing was left out, nothing blacked out.'];
}

const getStyles = (theme: GrafanaTheme2) => ({
  about: css({
    fontSize: theme.typography.bodySmall.fontSize,
    '& summary': { cursor: 'pointer', padding: theme.spacing(0.5, 0) },
  }),
  facts: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    maxWidth: 900,
    margin: theme.spacing(0.5, 0),
    '& dt': { color: palette(theme).text.secondary },
    '& dd': { margin: 0, overflowWrap: 'anywhere', unicodeBidi: 'isolate' },
  }),
});
