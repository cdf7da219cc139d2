import { cx } from '@emotion/css';
import { useTheme2 } from '@grafana/ui';
import React, { type MouseEvent, type SyntheticEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Page } from '../../data/TableData';
import type { PanelLayout } from '../../table/panelLayout';
import { visibleRange } from '../../table/visibleRange';
import type { ColumnActions } from '../columns/ColumnMenu';
import { GridHead } from './GridHead';
import { GridRow } from './GridRow';
import { gridStyles } from './gridStyles';
import type { RowLook } from './RowLook';
import { type GridColumns, useColumnPlaces } from './useColumnPlaces';
import { useGridFocus } from './useGridFocus';
import { useShortNames } from './useShortNames';

/** A row, counted within the page, and where the pointer is on it, in pixels of the window. */
export interface RowPlace {
  row: number;
  x: number;
  y: number;
  element: HTMLElement;
}

/** A person's actions on a row; rows are counted within the page. */
interface RowActions {
  onOpen: (row: number) => void;
  /** Opens a row with all rollouts of its prompt. */
  onGroup: (row: number) => void;
  /** Opens the menu of a row; left out where rows have none. */
  onMenu: ((place: RowPlace) => void) | undefined;
  /** The row under the pointer, or focused; undefined for none. */
  onHover: (row: number | undefined) => void;
  onTick: (row: number) => void;
}

/** The marks of single rows, counted within the page. */
interface RowMarks {
  /** The open row. */
  open: number | undefined;
  /** Says whether a row is of the moment that another panel points at. */
  isMarked: (row: number) => boolean;
  /** Says whether a row is ticked; undefined where rows have no ticks. */
  isTicked: ((row: number) => boolean) | undefined;
}

interface Props {
  label: string;
  page: Page;
  /** Rows that match, over all pages. */
  total: number;
  isStale: boolean;
  columns: GridColumns;
  layout: PanelLayout;
  /** The grid's width, in pixels. */
  width: number;
  look: RowLook;
  marks: RowMarks;
  rowActions: RowActions;
  columnActions: ColumnActions;
  onSort: (column: string, add: boolean) => void;
  onScroll: (isScrolled: boolean) => void;
}

/** The table of a page. Only the rows in view are drawn; all have one height. */
export function Grid(props: Props) {
  const { page, layout, look, marks, rowActions, onScroll } = props;
  const columns = props.columns.choice.shown;
  const theme = useTheme2();
  const styles = useMemo(() => gridStyles(theme, look.lines), [theme, look.lines]);
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const { rowHeight, bodyHeight } = layout;
  const { onOpen } = rowActions;
  const { active, setActive, onKeyDown } = useGridFocus(scroller, page.count, rowHeight, marks.open, onOpen);
  const places = useColumnPlaces(props.columns, props.width, page.offset + page.count, marks.isTicked !== undefined);

  const names = useShortNames(page, columns, places, look.lines);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is read from its top
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setScrollTop(0);
  }, [page.offset]);

  const { from, to } = visibleRange(scrollTop, bodyHeight, rowHeight, page.count);
  const reachable = Math.min(Math.max(active, from), Math.max(from, to - 1));
  const elementOf = (event: SyntheticEvent) => (event.target as Element).closest<HTMLElement>('[data-row]');
  const rowOf = (event: SyntheticEvent) => elementOf(event)?.dataset.row;
  const isMarking = () => window.getSelection()?.isCollapsed === false;
  const open = (event: MouseEvent) => {
    const row = rowOf(event);
    // Whoever marks text to copy it does not want the row to open.
    if (row !== undefined && !isMarking()) {
      setActive(Number(row));
      onOpen(Number(row));
    }
  };
  const openMenu = (event: MouseEvent) => {
    const element = elementOf(event);
    const isTouch = (event.nativeEvent as PointerEvent).pointerType === 'touch';
    // The browser's own menu copies what is marked, and a finger marks by it.
    if (rowActions.onMenu && element && !isTouch && !isMarking()) {
      event.preventDefault();
      const row = Number(element.dataset.row);
      setActive(row);
      rowActions.onMenu({ row, x: event.clientX, y: event.clientY, element });
    }
  };
  const onFocusRow = (target: Element) => {
    const row = target.closest<HTMLElement>('[data-row]')?.dataset.row;
    if (row !== undefined) {
      setActive(Number(row));
      hover(row);
    }
  };
  const hovered = useRef<string>(undefined);
  const hover = (row: string | undefined) => {
    if (row !== hovered.current) {
      hovered.current = row;
      rowActions.onHover(row === undefined ? undefined : Number(row));
    }
  };
  const gap = (height: number) =>
    height > 0 && (
      <tr aria-hidden style={{ height }}>
        <td colSpan={columns.length + 1} style={{ padding: 0 }} />
      </tr>
    );

  return (
    <div
      ref={scroller}
      className={cx(styles.scroller, props.isStale && styles.isStale)}
      style={{ height: bodyHeight }}
      onScroll={(event) => {
        setScrollTop(event.currentTarget.scrollTop);
        onScroll(event.currentTarget.scrollTop > 0);
      }}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows open, and are walked by arrow keys
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.total + 1}
        aria-busy={props.isStale}
        className={styles.table}
        style={{ minWidth: places.widths.reduce((sum, width) => sum + width, places.first) }}
      >
        <colgroup>
          <col style={{ width: places.first }} />
          {columns.map(({ name }, i) => (
            <col key={name} style={{ width: places.widths[i] }} />
          ))}
        </colgroup>
        <GridHead
          columns={columns}
          places={places}
          onSort={props.onSort}
          actions={props.columnActions}
          styles={styles}
        />
        <tbody
          onClick={open}
          onContextMenu={openMenu}
          onKeyDown={(event) => {
            const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
            if (event.key === 'g' && isPlain && rowOf(event) !== undefined) {
              event.preventDefault();
              // Grafana's own `g` begins a shortcut.
              event.stopPropagation();
              rowActions.onGroup(Number(rowOf(event)));
            } else {
              onKeyDown(event);
            }
          }}
          onFocus={(event) => onFocusRow(event.target)}
          onBlur={() => hover(undefined)}
          onMouseOver={(event) => hover(rowOf(event))}
          onMouseLeave={() => hover(undefined)}
        >
          {gap(from * rowHeight)}
          {Array.from({ length: to - from }, (_, i) => from + i).map((row) => (
            <GridRow
              key={row}
              page={page}
              row={row}
              columns={columns}
              places={places}
              names={names}
              look={look}
              isOpen={row === marks.open}
              isActive={row === reachable}
              isMarked={marks.isMarked(row)}
              isTicked={marks.isTicked?.(row)}
              onTick={rowActions.onTick}
              styles={styles}
            />
          ))}
          {gap((page.count - to) * rowHeight)}
        </tbody>
      </table>
    </div>
  );
}
