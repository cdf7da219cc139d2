import { cx } from '@emotion/css';
import React, { memo } from 'react';
import type { RowPaint } from '../../color/paintRow';
import type { Page, TableColumn } from '../../data/TableData';
import { type CellFormat, formatCell } from '../../table/formatCell';
import type { RowFlag } from '../../table/rowFlags';
import type { Matcher } from '../../text/compileSearch';
import { excerptOf } from '../../text/excerptOf';
import { CellText } from './CellText';
import type { GridStyles } from './gridStyles';

interface Props {
  page: Page;
  row: number;
  columns: readonly TableColumn[];
  format: CellFormat;
  paintOf: (page: Page, row: number) => RowPaint;
  /** The column whose cell is painted. */
  paintColumn: string | undefined;
  /** Colours of further columns, by name: of reward functions. */
  paintPart: (column: string, value: unknown) => string | undefined;
  /** Marks what was searched for. */
  matcher: Matcher | undefined;
  lefts: readonly (number | undefined)[];
  isIndexPinned: boolean;
  flagsOf: (page: Page, row: number) => readonly RowFlag[];
  isOpen: boolean;
  isActive: boolean;
  /** Of the moment that another panel points at. */
  isMarked: boolean;
  /** Whether the row is ticked; undefined where rows have no ticks. */
  isTicked: boolean | undefined;
  onTick: (row: number) => void;
  styles: GridStyles;
}

/** A row of the table: its number, then its cells as text nodes. */
export const GridRow = memo(function GridRow(props: Props) {
  const {
    page,
    row,
    columns,
    format,
    paintOf,
    paintColumn,
    isOpen,
    isActive,
    isMarked,
    isTicked,
    onTick,
    styles,
    lefts,
  } = props;
  const number = page.offset + row + 1;
  const paint = paintOf(page, row);
  const flags = props.flagsOf(page, row);
  const edge = paint.edge && { boxShadow: `inset 4px 0 0 ${paint.edge}` };
  return (
    <tr
      data-row={row}
      aria-rowindex={number + 1}
      aria-selected={isOpen}
      data-moment={isMarked || undefined}
      tabIndex={isActive ? 0 : -1}
      className={cx(styles.row, isOpen && styles.openRow, isMarked && styles.marked)}
      style={{ backgroundColor: paint.row }}
    >
      <th
        scope="row"
        className={cx(styles.index, props.isIndexPinned && styles.pinned)}
        style={{ ...edge, ...(props.isIndexPinned && { left: 0 }) }}
      >
        {isTicked !== undefined && (
          <input
            type="checkbox"
            className={styles.tick}
            aria-label={`Select row ${number}`}
            checked={isTicked}
            onChange={() => onTick(row)}
            onClick={(event) => event.stopPropagation()}
          />
        )}
        {number}
        {flags.length > 0 && (
          <span className={styles.flags}>
            {flags.map(({ sign, means }) => (
              <span key={sign} data-flag={sign} role="img" aria-label={means} title={means} />
            ))}
          </span>
        )}
      </th>
      {columns.map((column, i) => {
        const value = page.cell(row, column.name);
        const { text, exact } = formatCell(column, value, format, page.fullLength(row, column.name));
        const cell = column.name === paintColumn ? paint.cell : undefined;
        const part = props.paintPart(column.name, value);
        const isNumber = typeof value === 'number';
        const excerpt =
          props.matcher && typeof value === 'string' ? excerptOf(value, props.matcher, format.limit) : undefined;
        const left = lefts[i];
        return (
          <td
            key={column.name}
            className={cx(styles.cell, left !== undefined && styles.pinned)}
            title={exact}
            style={{
              ...(left !== undefined && { left }),
              ...(part !== undefined && { backgroundColor: part }),
              ...(cell && { backgroundColor: cell.background, color: cell.text }),
            }}
          >
            <div
              className={cx(isNumber ? styles.number : styles.text, excerpt && styles.hits)}
              dir={isNumber ? undefined : 'auto'}
            >
              {excerpt ? <CellText excerpt={excerpt} /> : text}
            </div>
          </td>
        );
      })}
    </tr>
  );
});
