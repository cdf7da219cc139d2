import type { DataFrame, EventBus, FieldConfigSource, TimeRange } from '@grafana/data';
import { type Dispatch, useEffect, useMemo, useRef, useState } from 'react';
import { hasVariable } from '../../correlation/dashboardVariables';
import { useReading } from '../../correlation/useReading';
import { useRowMoments } from '../../correlation/useRowMoments';
import { timeColumn } from '../../data/axisColumns';
import type { Page, TableData } from '../../data/TableData';
import type { PanelOptions } from '../../options';
import { pinnedFirst, shownColumns } from '../../table/columns';
import { columnWidths, indexWidth } from '../../table/columnWidths';
import { neededColumns } from '../../table/neededColumns';
import { fittingRows, placeOf } from '../../table/paging';
import { HEIGHTS, panelLayout } from '../../table/panelLayout';
import { panelParts } from '../../table/panelParts';
import { tickFault } from '../../table/tickFault';
import type { ViewAction, ViewState } from '../../table/ViewState';
import { useLastShown } from './useLastShown';
import { useLensCounts } from './useLensCounts';
import { useLivePage } from './useLivePage';
import { useMatcher } from './useMatcher';
import { useNarrowing } from './useNarrowing';
import { useOpenRow } from './useOpenRow';
import { usePaints } from './usePaints';
import { useSampleNotice } from './useSampleNotice';
import { useTicks } from './useTicks';
import { useWidestCells } from './useWidestCells';

export interface TableProps {
  table: TableData;
  frame: DataFrame;
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  options: PanelOptions;
  fieldConfig: FieldConfigSource;
  /** What went wrong with the panel's queries. */
  faults: readonly string[];
  width: number;
  height: number;
  timeRange: TimeRange;
  /** The dashboard's; Explore has none. */
  eventBus: EventBus | undefined;
  /** The panel's queries as they are saved. */
  targets: unknown;
}

export type TableModel = ReturnType<typeof useTableModel>;

const NOTHING: readonly string[] = [];

/** What a rollout table shows: all of it follows from the props, whose `view` is the only state a viewer changes. */
export function useTableModel(props: TableProps) {
  const { table, frame, view, dispatch, options, fieldConfig, width, height } = props;
  const [isScrolled, setScrolled] = useState(false);

  const pinned = view.pinned ?? options.pinned ?? NOTHING;
  const columns = useMemo(
    () => pinnedFirst(shownColumns(table.columns, options.columns, view.columns), pinned),
    [table.columns, options.columns, view.columns, pinned],
  );
  const names = useMemo(() => columns.map(({ name }) => name), [columns]);
  const paints = usePaints(table.columns, frame, options, fieldConfig);
  const hasTickColumn = table.columns.some(({ name }) => name === options.tickColumn);
  const ticks = useTicks(options.tickVariable || undefined, hasTickColumn ? options.tickColumn : undefined);

  const parts = panelParts(height, options, view);
  const first = indexWidth(table.total, ticks !== undefined);
  const [seenPage, setSeenPage] = useState<Page>();
  const characters = useWidestCells(table, columns, seenPage);
  const widths = columnWidths(columns, width - first, view.widths, [], characters);
  const isWide = widths.reduce((sum, one) => sum + one, first) > width;
  const layoutBelow = (above: number) => panelLayout(width, height, options.lines, above, isWide);
  const roomiest = layoutBelow(parts.above);
  const size = Math.min(options.pageSize || fittingRows(roomiest.rowsHeight, roomiest.rowHeight), table.maxPageRows);

  const time = timeColumn(table.columns)?.name;
  const [from, to] = [props.timeRange.from.valueOf(), props.timeRange.to.valueOf()];
  const narrowing = useNarrowing(view, table.columns, options.lens);
  const wantedPage = Math.floor(view.anchor / size);
  const live = useLivePage(
    table,
    {
      page: wantedPage,
      limit: size,
      ...narrowing,
      columns: neededColumns(table.columns, [...names, ...paints.columns, ...(ticks ? [ticks.column] : [])], time),
    },
    wantedPage > 0 || view.open !== undefined || isScrolled,
  );
  const { page, data } = live;
  const total = page?.total ?? data.total;
  if (page !== seenPage) {
    setSeenPage(page);
  }

  const settled = useRef(view);
  if (live.isCurrent) {
    settled.current = view;
  }
  const { shown: openRow, fault: openFault } = useOpenRow(data, page, view.open);
  const openId = openRow?.page.rowId(openRow.row);
  useEffect(() => {
    // Turning the page opens whichever row stands there; the address is to name it.
    if (view.open && view.open.rowId === undefined && openId !== undefined) {
      dispatch({ type: 'open', row: view.open.row, rowId: openId });
    }
  }, [view.open, openId, dispatch]);

  const faults = [
    ...props.faults,
    ...(live.fault === undefined ? [] : [`These rows could not be read: ${live.fault}`]),
    ...(openFault === undefined ? [] : [`The row that the link names could not be read: ${openFault}`]),
  ];
  return {
    data,
    page,
    live,
    total,
    place: placeOf(view.anchor, size, total),
    columns,
    characters,
    names,
    pinned,
    paints,
    ticks,
    narrowing,
    faults,
    parts,
    layout: layoutBelow(parts.above + (faults.length > 0 ? HEIGHTS.strip : 0)),
    matcher: useMatcher(narrowing.search),
    counts: useLensCounts(data, narrowing, parts.hasToolbar),
    notice: [
      table.notice,
      useSampleNotice(data, page),
      table.isInTimes && "only the dashboard's time range",
      tickFault(options, hasVariable(options.tickVariable ?? ''), hasTickColumn),
    ]
      .filter(Boolean)
      .join(' · '),
    /** The row that is open, once it is there. */
    openRow,
    /** The row that the reader shows: the open one, or the last one while that is on its way. */
    readRow: useLastShown(openRow, view.open !== undefined),
    reading: useReading({ data, page, open: openRow, view, dispatch, targets: props.targets }),
    moments: useRowMoments(props.eventBus, page, time, to - from),
    onScroll: setScrolled,
    /** Back to what was shown before the page that is on its way was asked for. */
    cancel: () => dispatch({ type: 'restore', view: settled.current }),
  };
}
