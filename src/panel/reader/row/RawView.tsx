import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { InlineSwitch, useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import React, { useState } from 'react';
import { palette } from '../../../shared/palette';
import type { TableColumn, WholeRow } from '../../data/TableData';
import { countText } from '../../text/countText';
import { readableText } from '../../text/readableText';
import { PlainText } from '../prose/Prose';

/** Shorter values say nothing more here than above. */
const SHORT = 60;

interface Props {
  cells: WholeRow;
  columns: readonly TableColumn[];
}

/** The texts of the row as it was logged: control tokens and, if wanted, blanks and ends of lines are marked. */
export function RawView({ cells, columns }: Props) {
  const styles = useStyles2(getStyles);
  const [showsBlanks, setShowsBlanks] = useState(false);
  const order = ['messages', 'prompt', 'response'];
  const rank = (name: string) => {
    const at = order.indexOf(columns.find((column) => column.name === name)?.role ?? '');
    return at < 0 ? order.length : at;
  };
  const texts = [...cells]
    .map(([name, value]) => ({ name, text: readableText(value, 2) }))
    .filter(({ name, text }) => text !== '' && (rank(name) < order.length || text.length > SHORT))
    .sort((a, b) => rank(a.name) - rank(b.name));
  return (
    <>
      <InlineSwitch
        label="Blanks and ends of lines"
        showLabel
        transparent
        value={showsBlanks}
        onChange={() => setShowsBlanks(!showsBlanks)}
      />
      {texts.map(({ name, text }) => {
        const label = columns.find((column) => column.name === name)?.label ?? name;
        return (
          <section key={name} aria-label={label}>
            <h3 className={styles.heading}>
              {label} <span className={styles.faint}>{countText(charCount(text), 'character')}</span>
            </h3>
            <PlainText text={showsBlanks ? withBlanks(text) : text} className={styles.raw} />
          </section>
        );
      })}
    </>
  );
}

const withBlanks = (text: string) => text.replaceAll(' ', '·').replaceAll('\t', '→\t').replaceAll('\n', '↵\n');

const getStyles = (theme: GrafanaTheme2) => ({
  heading: css({ margin: theme.spacing(0, 0, 0.5), fontSize: theme.typography.body.fontSize }),
  faint: css({
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: 'normal',
  }),
  raw: css({
    padding: theme.spacing(1),
    background: palette(theme).background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
});
