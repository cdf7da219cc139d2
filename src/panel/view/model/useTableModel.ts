import type { DataFrame, EventBus, FieldConfigSource, TimeRange } from '@grafana/data';
import type { LensCount } from '@rolloscope/contract/types';
import { type Dispatch, useEffect, useMemo, useRef, useState } from 'react';
import { hasVariable } from '../../correlation/dashboardVariables';
import { type StepReading, useReading } from '../../correlation/useReading';
import { type RowMoments, useRowMoments } from '../../correlation/useRowMoments';
import { timeColumn } from '../../data/axisColumns';
import type { Narrowing, Page, TableData } from '../../data/TableData';
import type { PanelOptions } from '../../options';
import { type ColumnChoice, chooseColumns } from '../../table/columns';
import { neededColumns } from '../../table/neededColumns';
import { type PageBounds, pageBounds } from '../../table/paging';
import type { PanelLayout } from '../../table/panelLayout';
import type { PanelParts } from '../../table/panelParts';
import { tableRoom } from '../../table/tableRoom';
import { tickFault } from '../../table/tickFault';
import type { ViewAction, ViewState } from '../../table/ViewState';
import type { Matcher } from '../../text/compileSearch';
import { useLastShown } from './useLastShown';
import { useLensCounts } from './useLensCounts';
import { type ShownPage, useLivePage } from './useLivePage';
import { useMatcher } from './useMatcher';
import { useNarrowing } from './useNarrowing';
import { type ShownRow, useOpenRow } from './useOpenRow';
import { type Paints, usePaints } from './usePaints';
import { useSampleNotice } from './useSampleNotice';
import { type Ticks, useTicks } from './useTicks';
import { useWidestCells } from './useWidestCells';

export interface TableProps {
  table: TableData;
  frame: DataFrame;
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  options: PanelOptions;
  fieldConfig: FieldConfigSource;
  /** The faults of the panel's queries, in words. */
  faults: readonly string[];
  width: number;
  height: number;
  timeRange: TimeRange;
  /** The dashboard's; Explore has none. */
  eventBus: EventBus | undefined;
  /** The panel's queries as they are saved. */
  targets: unknown;
}

/** A page of rows as it shows, and the place of it among the rows that match. */
interface ShownRows extends ShownPage {
  /** Rows that match. */
  total: number;
  place: PageBounds;
  onScroll: (isScrolled: boolean) => void;
  /** Back to what was shown before the page that is on its way was asked for. */
  cancel: () => void;
}

/** The content of a rollout table. */
export interface TableModel {
  rows: ShownRows;
  columns: ColumnChoice;
  /** Characters of the longest cell in each column. */
  characters: Readonly<Record<string, number>>;
  /** The narrowing of the rows. */
  narrowing: Narrowing;
  /** The parts of the panel that stand above the rows. */
  parts: PanelParts;
  layout: PanelLayout;
  /** The look of single rows. */
  look: {
    paints: Paints;
    /** Finds what is searched for; undefined where nothing is. */
    matcher: Matcher | undefined;
    moments: RowMoments;
    /** The ticks of rows; undefined where rows have none. */
    ticks: Ticks | undefined;
  };
  said: {
    /** All that went wrong, in words; empty where nothing did. */
    faults: readonly string[];
    /** The reasons, in words, why the table is less than it could be; empty where it is not. */
    notice: string;
    /** Rows that each lens would leave; undefined until known. */
    counts: readonly LensCount[] | undefined;
  };
  reading: StepReading & {
    /** The row that is open, once it is there. */
    open: ShownRow | undefined;
    /** The row that the reader shows: the open one, or the last one while that is on its way. */
    shown: ShownRow | undefined;
  };
}

/** Works out what a rollout table shows: all of it follows from the props, whose `view` is a viewer's only state. */
export function useTableModel(props: TableProps): TableModel {
  const { table, frame, view, dispatch, options, fieldConfig } = props;
  const [isScrolled, setScrolled] = useState(false);
  const columns = useMemo(
    () =>
      chooseColumns(
        table.columns,
        { columns: options.columns, pinned: options.pinned },
        { columns: view.columns, pinned: view.pinned },
      ),
    [table.columns, options.columns, options.pinned, view.columns, view.pinned],
  );
  const paints = usePaints(table.columns, frame, options, fieldConfig);
  const hasTickColumn = table.columns.some(({ name }) => name === options.tickColumn);
  const ticks = useTicks(options.tickVariable || undefined, hasTickColumn ? options.tickColumn : undefined);
  const [seenPage, setSeenPage] = useState<Page>();
  const characters = useWidestCells(table, columns.shown, seenPage);
  const { total, maxPageRows } = table;
  const needs = { columns, characters, total, hasTicks: ticks !== undefined, maxPageRows };
  const { parts, pageSize, layout } = tableRoom(props, options, view, needs);

  const time = timeColumn(table.columns)?.name;
  const narrowing = useNarrowing(view, table.columns, options.lens);
  const drawn = [...columns.names, ...paints.columns, ...(ticks ? [ticks.column] : [])];
  const page = Math.floor(view.anchor / pageSize);
  const wanted = { page, limit: pageSize, ...narrowing, columns: neededColumns(table.columns, drawn, time) };
  const live = useLivePage(table, wanted, page > 0 || view.open !== undefined || isScrolled);
  const { data } = live;
  if (live.page !== seenPage) {
    setSeenPage(live.page);
  }
  const settled = useRef(view);
  if (live.isCurrent) {
    settled.current = view;
  }
  const open = useOpenRow(data, live.page, view.open);
  const openId = open.shown?.page.rowId(open.shown.row);
  useEffect(() => {
    // Turning the page opens whichever row stands there; the address is to name it.
    if (view.open && view.open.rowId === undefined && openId !== undefined) {
      dispatch({ type: 'open', row: view.open.row, rowId: openId });
    }
  }, [view.open, openId, dispatch]);

  const faults = [
    ...props.faults,
    ...(live.fault === undefined ? [] : [`These rows could not be read: ${live.fault}`]),
    ...(open.fault === undefined ? [] : [`The row that the link names could not be read: ${open.fault}`]),
  ];
  const notices = [
    table.notice,
    useSampleNotice(data, live.page),
    table.isInTimes && "only the dashboard's time range",
    tickFault(options, hasVariable(options.tickVariable ?? ''), hasTickColumn),
  ];
  const matching = live.page?.total ?? data.total;
  const range = props.timeRange.to.valueOf() - props.timeRange.from.valueOf();
  return {
    rows: {
      ...live,
      total: matching,
      place: pageBounds(view.anchor, pageSize, matching),
      onScroll: setScrolled,
      cancel: () => dispatch({ type: 'restore', view: settled.current }),
    },
    columns,
    characters,
    narrowing,
    parts,
    layout: layout(faults.length > 0),
    look: {
      paints,
      matcher: useMatcher(narrowing.search),
      moments: useRowMoments(props.eventBus, live.page, time, range),
      ticks,
    },
    said: {
      faults,
      notice: notices.filter(Boolean).join(' · '),
      counts: useLensCounts(data, narrowing, parts.hasToolbar),
    },
    reading: {
      ...useReading({ data, page: live.page, open: open.shown, view, dispatch, targets: props.targets }),
      open: open.shown,
      shown: useLastShown(open.shown, view.open !== undefined),
    },
  };
}
