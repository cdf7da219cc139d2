import { cx } from '@emotion/css';
import { useTheme2 } from '@grafana/ui';
import type { OrderBy } from '@rolloscope/contract/types';
import React, { type MouseEvent, type SyntheticEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { RowPaint } from '../../color/paintRow';
import type { Page, TableColumn } from '../../data/TableData';
import { columnWidths, indexWidth, pinnedLefts } from '../../table/columnWidths';
import type { PanelLayout } from '../../table/panelLayout';
import type { RowFlag } from '../../table/rowFlags';
import { visibleRange } from '../../table/visibleRange';
import type { Matcher } from '../../text/compileSearch';
import type { ColumnActions } from '../columns/ColumnMenu';
import { GridHead } from './GridHead';
import { GridRow } from './GridRow';
import { gridStyles } from './gridStyles';
import { useGridFocus } from './useGridFocus';

/** Characters that a line of a cell can show on a wide screen. */
const LINE_CHARACTERS = 600;

/** A row, counted within the page, and where the pointer is on it, in pixels of the window. */
export interface RowPlace {
  row: number;
  x: number;
  y: number;
  element: HTMLElement;
}

interface Props {
  label: string;
  page: Page;
  total: number;
  columns: readonly TableColumn[];
  layout: PanelLayout;
  width: number;
  lines: number;
  timeZone: string;
  /** Whether prompts begin with what was asked. */
  fromQuestion: boolean;
  paintOf: (page: Page, row: number) => RowPaint;
  paintColumn: string | undefined;
  paintPart: (column: string, value: unknown) => string | undefined;
  flagsOf: (page: Page, row: number) => readonly RowFlag[];
  matcher: Matcher | undefined;
  orderBy: OrderBy;
  onSort: (column: string, add: boolean) => void;
  /** Of the longest cell in each column of numbers. */
  characters: Readonly<Record<string, number>>;
  /** Widths of columns that someone has resized. */
  resized: Readonly<Record<string, number>>;
  /** Columns that stay at the left edge; they stand first in `columns`. */
  pinned: readonly string[];
  actions: ColumnActions;
  /** The open row, counted within the page. */
  openRow: number | undefined;
  onOpen: (row: number) => void;
  /** Opens a row with all rollouts of its prompt. */
  onGroup: (row: number) => void;
  /** Opens the menu of a row; left out where rows have none. */
  onMenu: ((place: RowPlace) => void) | undefined;
  onScroll: (isScrolled: boolean) => void;
  /** The row under the pointer, or focused; undefined for none. */
  onHover: (row: number | undefined) => void;
  /** Whether a row is of the moment that another panel points at. */
  isMarked: (row: number) => boolean;
  isStale: boolean;
  /** Whether a row is ticked; left out where rows have no ticks. */
  isTicked?: ((row: number) => boolean) | undefined;
  onTick: (row: number) => void;
}

/** The table of a page. Only the rows in view are drawn; all have one height. */
export function Grid(props: Props) {
  const { page, columns, layout, lines, orderBy, onSort, openRow, onOpen, onScroll, timeZone, fromQuestion } = props;
  const theme = useTheme2();
  const styles = useMemo(() => gridStyles(theme, lines), [theme, lines]);
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const { rowHeight, bodyHeight } = layout;
  const { active, setActive, onKeyDown } = useGridFocus(scroller, page.count, rowHeight, openRow, onOpen);
  const format = useMemo(
    () => ({ limit: lines * LINE_CHARACTERS, timeZone, fromQuestion }),
    [lines, timeZone, fromQuestion],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is read from its top
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setScrollTop(0);
  }, [page.offset]);

  const { from, to } = visibleRange(scrollTop, bodyHeight, rowHeight, page.count);
  const reachable = Math.min(Math.max(active, from), Math.max(from, to - 1));
  const first = indexWidth(page.offset + page.count, props.isTicked !== undefined);
  const numbered = orderBy.length > 1 ? orderBy.map(({ column }) => column) : [];
  const widths = columnWidths(columns, props.width - first, props.resized, numbered, props.characters);
  const lefts = pinnedLefts(columns, widths, props.pinned, first);
  const isIndexPinned = props.pinned.length > 0;
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
    if (props.onMenu && element && !isTouch && !isMarking()) {
      event.preventDefault();
      const row = Number(element.dataset.row);
      setActive(row);
      props.onMenu({ row, x: event.clientX, y: event.clientY, element });
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
      props.onHover(row === undefined ? undefined : Number(row));
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
        style={{ minWidth: widths.reduce((sum, width) => sum + width, first) }}
      >
        <colgroup>
          <col style={{ width: first }} />
          {columns.map(({ name }, i) => (
            <col key={name} style={{ width: widths[i] }} />
          ))}
        </colgroup>
        <GridHead
          columns={columns}
          widths={widths}
          lefts={lefts}
          isIndexPinned={isIndexPinned}
          orderBy={orderBy}
          onSort={onSort}
          actions={props.actions}
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
              props.onGroup(Number(rowOf(event)));
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
              format={format}
              paintOf={props.paintOf}
              paintColumn={props.paintColumn}
              paintPart={props.paintPart}
              flagsOf={props.flagsOf}
              matcher={props.matcher}
              lefts={lefts}
              isIndexPinned={isIndexPinned}
              isOpen={row === openRow}
              isActive={row === reachable}
              isMarked={props.isMarked(row)}
              isTicked={props.isTicked?.(row)}
              onTick={props.onTick}
              styles={styles}
            />
          ))}
          {gap((page.count - to) * rowHeight)}
        </tbody>
      </table>
    </div>
  );
}
