import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import type { Evidence } from '@rolloscope/contract/types';
import React from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';

/** Characters of a span that are quoted, and that are looked for. */
const QUOTED = 160;
const SOUGHT = 80;

type Sign = Evidence['signs'][number];

/** Signs that are in the marks of a format, which only the raw text shows as they are. */
const OF_MARKS: ReadonlySet<Sign['sign']> = new Set(['answers', 'format']);

interface Props {
  evidence: Evidence | undefined;
  /** Shows where a text stands in the row, as it was logged where its marks are what counts. */
  onShow: (text: string, isRaw: boolean) => void;
}

/** Signs that the response is after the reward, each with the text that it rests on. */
export function EvidenceNote({ evidence, onShow }: Props) {
  const styles = useStyles2(getStyles);
  if (!evidence || evidence.signs.length === 0) {
    return null;
  }
  return (
    <section className={styles.note} aria-label="Signs in the response" data-unsearched>
      <h3 className={styles.title}>
        <Icon name="eye" size="sm" /> Worth a look: a sign is a reason to read, no proof
      </h3>
      <ul className={styles.list}>
        {evidence.signs.map(({ sign, says, text }) => {
          const sought = soughtIn(text);
          return (
            <li key={sign}>
              {says}
              {sought !== '' && (
                <>
                  {' '}
                  <Button
                    size="sm"
                    fill="text"
                    aria-label={`Show the text of: ${says}`}
                    onClick={() => onShow(sought, OF_MARKS.has(sign))}
                  >
                    Show
                  </Button>
                  <q className={styles.quote} dir="auto">
                    {escapeLine(text.slice(0, QUOTED))}
                    {text.length > QUOTED && '…'}
                  </q>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Returns what is looked for of a span: its first line, since lines are drawn apart. */
const soughtIn = (text: string): string =>
  (text.split('\n').find((line) => line.trim() !== '') ?? '').trim().slice(0, SOUGHT);

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({
    padding: theme.spacing(0.75, 1),
    borderLeft: `3px solid ${theme.colors.warning.border}`,
    background: palette(theme).background.secondary,
  }),
  title: css({
    margin: 0,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  list: css({ margin: 0, paddingLeft: theme.spacing(2.5), overflowWrap: 'anywhere' }),
  quote: css({
    display: 'block',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    color: palette(theme).text.secondary,
  }),
});
