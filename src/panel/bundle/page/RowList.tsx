import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { Paint } from '../../color/paint';
import type { Page, TableColumn } from '../../data/TableData';
import { defaultColumns } from '../../table/columns';
import { formatCell } from '../../table/formatCell';

interface Props {
  page: Page;
  columns: readonly TableColumn[];
  timeZone: string;
  /** Id of the row that is being read. */
  open: string | undefined;
  paintOf: (reward: unknown) => Paint | undefined;
  onOpen: (row: number) => void;
}

/** Characters of a text that a line has room for. */
const LINE = 160;

/** The rollouts of the file, one a line; a click, or Enter on its number, reads one. */
export function RowList({ page, columns, timeZone, open, paintOf, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  const names = defaultColumns(columns);
  const shown = columns
    .filter(({ name }) => names.includes(name))
    .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  const format = { limit: LINE, timeZone, fromQuestion: true };
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">#</th>
          {shown.map(({ name, label }) => (
            <th key={name} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: page.count }, (_, row) => {
          const id = page.rowId(row);
          return (
            <tr key={id} className={cx(styles.row, id === open && styles.open)} onClick={() => onOpen(row)}>
              <td className={styles.short}>
                <button
                  type="button"
                  className={styles.number}
                  aria-label={`Read rollout ${Number(id) + 1}`}
                  aria-current={id === open ? 'true' : undefined}
                >
                  {Number(id) + 1}
                </button>
              </td>
              {shown.map((column) => {
                const cell = page.cell(row, column.name);
                const { text, exact } = formatCell(column, cell, format, page.fullLength(row, column.name));
                const paint = column.role === 'reward' || column.role === 'correct' ? paintOf(cell) : undefined;
                const isShort = column.type === 'number' || column.type === 'boolean' || column.type === 'time';
                return (
                  <td
                    key={column.name}
                    dir="auto"
                    title={exact}
                    className={isShort ? styles.short : undefined}
                    style={paint && { background: paint.background, color: paint.text }}
                  >
                    {text}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': {
      height: 30,
      padding: theme.spacing(0.25, 1),
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      textAlign: 'left',
      unicodeBidi: 'isolate',
    },
    '& th': { color: palette(theme).text.secondary, fontWeight: theme.typography.fontWeightRegular },
    '& th:nth-child(-n + 3)': { width: 76 },
    '& tbody tr': { borderTop: `1px solid ${palette(theme).border.weak}` },
  }),
  short: css({ width: 76 }),
  row: css({ cursor: 'pointer', '&:hover': { background: palette(theme).action.hover } }),
  open: css({ boxShadow: `inset 3px 0 0 ${palette(theme).text.primary}` }),
  number: css({
    minWidth: 28,
    minHeight: 24,
    padding: 0,
    border: 0,
    background: 'transparent',
    color: palette(theme).text.link,
    font: 'inherit',
    cursor: 'pointer',
    textAlign: 'left',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
});
