import { cx } from '@emotion/css';
import React, { memo } from 'react';
import type { RowPaint } from '../color/paintRow';
import type { Page, TableColumn } from '../data/TableData';
import { type CellFormat, formatCell } from '../text/formatCell';
import type { GridStyles } from './gridStyles';

interface Props {
  page: Page;
  row: number;
  columns: readonly TableColumn[];
  format: CellFormat;
  paintOf: (page: Page, row: number) => RowPaint;
  /** The column whose cell is painted. */
  paintColumn: string | undefined;
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
  const { page, row, columns, format, paintOf, paintColumn, isOpen, isActive, isMarked, isTicked, onTick, styles } =
    props;
  const number = page.offset + row + 1;
  const paint = paintOf(page, row);
  const edge = paint.edge && { boxShadow: `inset 4px 0 0 ${paint.edge}` };
  return (
    <tr
      data-row={row}
      aria-rowindex={number + 1}
      aria-selected={isOpen}
      tabIndex={isActive ? 0 : -1}
      className={cx(styles.row, isOpen && styles.openRow, isMarked && styles.marked)}
      style={{ backgroundColor: paint.row }}
    >
      <th scope="row" className={styles.index} style={{ ...edge }}>
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
      </th>
      {columns.map((column) => {
        const value = page.cell(row, column.name);
        const { text, exact } = formatCell(column, value, format, page.fullLength(row, column.name));
        const cell = column.name === paintColumn ? paint.cell : undefined;
        const isNumber = typeof value === 'number';
        return (
          <td
            key={column.name}
            className={styles.cell}
            title={exact}
            style={cell && { backgroundColor: cell.background, color: cell.text }}
          >
            <div className={isNumber ? styles.number : styles.text} dir={isNumber ? undefined : 'auto'}>
              {text}
            </div>
          </td>
        );
      })}
    </tr>
  );
});
