import { cx } from '@emotion/css';
import React, { memo } from 'react';
import type { RowPaint } from '../../color/paintRow';
import type { Page, TableColumn } from '../../data/TableData';
import { shownMedia } from '../../media/shownMedia';
import { Thumbs } from '../../media/Thumbs';
import { formatCell } from '../../table/formatCell';
import { LABEL_CELL, labelCell } from '../../table/labelCell';
import { HEIGHTS } from '../../table/panelLayout';
import { excerptOf } from '../../text/excerptOf';
import { CellText } from './CellText';
import { type GridStyles, SIDE } from './gridStyles';
import type { RowLook } from './RowLook';
import type { ColumnPlaces } from './useColumnPlaces';
import type { ShortNames } from './useShortNames';

interface Props {
  page: Page;
  /** The row's number, counted from 0 within the page. */
  row: number;
  columns: readonly TableColumn[];
  places: ColumnPlaces;
  names: ShortNames;
  look: RowLook;
  styles: GridStyles;
  isOpen: boolean;
  /** True where Tab reaches it. */
  isActive: boolean;
  /** True where it is of the moment that another panel points at. */
  isMarked: boolean;
  /** True where it is ticked; undefined where rows have no ticks. */
  isTicked: boolean | undefined;
  onTick: (row: number) => void;
}

/** A row of the table: its number, then its cells as text nodes. */
export const GridRow = memo(function GridRow(props: Props) {
  const { page, row, columns, look, styles, isOpen, isMarked } = props;
  const paint = look.paintOf(page, row);
  return (
    <tr
      data-row={row}
      aria-rowindex={page.offset + row + 2}
      aria-selected={isOpen}
      data-moment={isMarked || undefined}
      tabIndex={props.isActive ? 0 : -1}
      className={cx(styles.row, isOpen && styles.openRow, isMarked && styles.marked)}
      style={{ backgroundColor: paint.row }}
    >
      {indexCell(props, paint.edge)}
      {columns.map((column, i) => cell(props, column, i, paint))}
    </tr>
  );
});

/** The number of a row, with its tick and its flags. No component, as a cell is none: a page has a thousand of them. */
function indexCell({ page, row, places, look, styles, isTicked, onTick }: Props, edge: string | undefined) {
  const number = page.offset + row + 1;
  const flags = look.flagsOf(page, row);
  return (
    <th
      scope="row"
      className={cx(styles.index, places.isIndexPinned && styles.pinned)}
      style={{
        ...(edge && { boxShadow: `inset 4px 0 0 ${edge}` }),
        ...(places.isIndexPinned && { left: 0 }),
      }}
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
  );
}

/** A cell of the column in that place. */
function cell({ page, row, places, names, look, styles }: Props, column: TableColumn, at: number, paint: RowPaint) {
  // Its distance from the left edge, in pixels, where the column is pinned.
  const left = places.lefts[at];
  const { format, matcher } = look;
  const value = page.cell(row, column.name);
  const media = column.role === 'media' ? shownMedia(value) : undefined;
  if (media) {
    return (
      <td
        key={column.name}
        className={cx(styles.cell, left !== undefined && styles.pinned)}
        style={left === undefined ? undefined : { left }}
      >
        <Thumbs media={media} width={(places.widths[at] ?? 0) - 2 * SIDE} height={look.lines * HEIGHTS.textLine} />
      </td>
    );
  }
  const said = column.isLabel && column.name === LABEL_CELL ? labelCell(page, row) : undefined;
  const { text, exact } = said
    ? { text: said.text, exact: said.means }
    : formatCell(column, value, format, page.fullLength(row, column.name));
  const painted = column.name === look.paintColumn ? paint.cell : undefined;
  const part = look.paintPart(column.name, value);
  const isNumber = typeof value === 'number';
  const short = names.get(column.name)?.get(text);
  const isShort = short !== undefined && short !== text;
  const excerpt = matcher && !said && typeof value === 'string' ? excerptOf(value, matcher, format.limit) : undefined;
  return (
    <td
      key={column.name}
      className={cx(styles.cell, left !== undefined && styles.pinned)}
      title={isShort ? text : exact}
      style={{
        ...(left !== undefined && { left }),
        ...(part !== undefined && { backgroundColor: part }),
        ...(painted && { backgroundColor: painted.background, color: painted.text }),
      }}
    >
      <div
        className={cx(isNumber ? styles.number : styles.text, excerpt ? styles.hits : isShort && styles.short)}
        dir={isNumber ? undefined : 'auto'}
        {...(said?.means && { role: 'img', 'aria-label': said.means })}
      >
        {excerpt ? <CellText excerpt={excerpt} /> : isShort ? short : text}
      </div>
    </td>
  );
}
