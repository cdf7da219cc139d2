import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import { mediaOf } from '@rolloscope/contract/mediaCell';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { TableColumn, WholeRow } from '../../data/TableData';
import { MediaView } from '../../media/MediaView';
import { type CellText, formatCell } from '../../table/formatCell';
import { countText } from '../../text/countText';
import { readableText } from '../../text/readableText';
import { PlainText, Prose } from '../prose/Prose';

/** Longer values, and those with more than one line, get a part of their own. */
const SHORT = 60;
const IN_CONVERSATION: ReadonlyArray<TableColumn['role']> = ['prompt', 'response', 'messages'];
/** What the table groups by says nothing to a reader. */
const UNSAID = new Set(['promptHash', 'responseHash', 'rowId']);
const FIRST: ReadonlyArray<TableColumn['role']> = ['reward', 'rewardPart', 'advantage', 'correct', 'truncated', 'step'];

interface Props {
  cells: WholeRow;
  columns: readonly TableColumn[];
  timeZone: string;
}

/** A value of the row that is none of the conversation. */
interface Fact {
  name: string;
  label: string;
  column: TableColumn | undefined;
  value: unknown;
  text: string;
}

function factsOf(cells: WholeRow, columns: readonly TableColumn[]): Fact[] {
  const rank = ({ role }: TableColumn) => (FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length);
  const known = columns.filter(({ name }) => cells.has(name)).sort((a, b) => rank(a) - rank(b));
  const others = [...cells.keys()].filter((name) => !columns.some((column) => column.name === name));
  return (
    [
      ...known.map((column) => ({ name: column.name, label: column.label, column })),
      ...others.map((name) => ({ name, label: name, column: undefined })),
    ]
      .filter(({ name }) => !UNSAID.has(name))
      .filter(({ column }) => !IN_CONVERSATION.includes(column?.role) || column?.role === undefined)
      .map((fact) => ({ ...fact, value: cells.get(fact.name) }))
      .filter(({ value }) => value !== null && value !== undefined && value !== '')
      // They are shown, and not read.
      .filter(({ column, value }) => column?.role !== 'media' || mediaOf(value) === undefined)
      // Per-token data and turns have views of their own.
      .filter(({ column, value }) => !(column?.role === 'tokens' || column?.role === 'turns') || !isStructured(value))
      .map((fact) => ({ ...fact, text: readableText(fact.value, 2) }))
  );
}

const isStructured = (value: unknown) =>
  typeof value === 'object' || (typeof value === 'string' && /^\s{0,9}[[{]/.test(value));
const isLong = ({ text }: Fact) => text.length > SHORT || text.includes('\n');

/** The row's short values, the reward first. */
export function RowFacts({ cells, columns, timeZone }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <dl className={styles.facts}>
      {factsOf(cells, columns)
        .filter((fact) => !isLong(fact))
        .map(({ name, label, column, value, text }) => {
          const shown: CellText = column ? formatCell(column, value, { limit: SHORT, timeZone }) : { text };
          return (
            <div key={name} className={styles.pair}>
              <dt>{label}</dt>
              <dd className={column?.role === 'reward' ? styles.strong : undefined} title={shown.exact}>
                {shown.text}
              </dd>
            </div>
          );
        })}
    </dl>
  );
}

/** The row's images and sounds, each column under its name. */
export function MediaFacts({ cells, columns }: Omit<Props, 'timeZone'>) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {columns.map(({ name, label, role }) => {
        const media = role === 'media' ? mediaOf(cells.get(name)) : undefined;
        return (
          media && (
            <section key={name} aria-label={label}>
              <h3 className={styles.heading}>{label}</h3>
              <MediaView media={media} />
            </section>
          )
        );
      })}
    </>
  );
}

/** The row's long values that are none of the conversation, each under its name. */
export function LongFacts({ cells, columns }: Omit<Props, 'timeZone'>) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {factsOf(cells, columns)
        .filter(isLong)
        .map(({ name, label, value, text }) => (
          <section key={name} aria-label={label}>
            <h3 className={styles.heading}>
              {label} <span className={styles.faint}>{countText(charCount(text), 'character')}</span>
            </h3>
            {typeof value === 'string' ? <Prose text={text} /> : <PlainText text={text} />}
          </section>
        ))}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2.5), margin: 0 }),
  pair: css({
    minWidth: 0,
    '& dt': {
      fontWeight: theme.typography.fontWeightRegular,
      color: palette(theme).text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& dd': { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  }),
  strong: css({ fontWeight: theme.typography.fontWeightMedium }),
  heading: css({ margin: theme.spacing(0, 0, 0.5), fontSize: theme.typography.body.fontSize }),
  faint: css({
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: 'normal',
  }),
});
