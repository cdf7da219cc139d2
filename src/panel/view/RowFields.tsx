import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { TableColumn, WholeRow } from '../data/TableData';
import { type CellText, formatCell } from '../text/formatCell';
import { readableText } from '../text/readableText';
import { palette } from './palette';
import { RowText } from './RowText';

/** Longer values, and those with more than one line, get a part of their own. */
const SHORT = 60;

interface Props {
  cells: WholeRow;
  columns: readonly TableColumn[];
  timeZone: string;
}

/** Every cell of a row: the short ones as a list, then each text with its name. */
export function RowFields({ cells, columns, timeZone }: Props) {
  const styles = useStyles2(getStyles);
  const known = columns.filter(({ name }) => cells.has(name));
  const others = [...cells.keys()].filter((name) => !columns.some((column) => column.name === name));
  const fields = [
    ...known.map(({ name, label }) => ({ name, label })),
    ...others.map((name) => ({ name, label: name })),
  ]
    .map(({ name, label }) => ({ name, label, value: cells.get(name) }))
    .filter(({ value }) => value !== null && value !== undefined)
    .map((field) => ({ ...field, text: readableText(field.value, 2) }));
  const isLong = (text: string) => text.length > SHORT || text.includes('\n');
  const column = (name: string) => columns.find((one) => one.name === name);
  return (
    <>
      <dl className={styles.short}>
        {fields
          .filter(({ text }) => !isLong(text))
          .map(({ name, label, value, text }) => {
            const known = column(name);
            const shown: CellText = known ? formatCell(known, value, { limit: SHORT, timeZone }) : { text };
            return (
              <div key={name} className={styles.pair}>
                <dt>{label}</dt>
                <dd>{known?.type === 'time' ? shown.text : (shown.exact ?? shown.text)}</dd>
              </div>
            );
          })}
      </dl>
      {fields
        .filter(({ text }) => isLong(text))
        .map(({ name, label, text }) => (
          <section key={name} aria-label={label}>
            <div className={styles.heading}>
              <h4 className={styles.name}>{label}</h4>
              <span className={styles.count}>{`${text.length.toLocaleString('en')} characters`}</span>
              <ClipboardButton size="sm" fill="text" variant="secondary" icon="copy" getText={() => text}>
                Copy
              </ClipboardButton>
            </div>
            <RowText text={text} />
          </section>
        ))}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  short: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 3), margin: 0 }),
  pair: css({
    minWidth: 0,
    '& dt': {
      fontWeight: theme.typography.fontWeightRegular,
      color: palette(theme).text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& dd': { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  }),
  heading: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  name: css({ margin: 0, fontSize: theme.typography.body.fontSize }),
  count: css({ flex: 1, color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
