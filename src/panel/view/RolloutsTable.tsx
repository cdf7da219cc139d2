import { css } from '@emotion/css';
import type { AbsoluteTimeRange, DataFrame, EventBus, FieldConfigSource, TimeRange } from '@grafana/data';
import type { Condition } from '@rolloscope/contract/types';
import React, { type Dispatch, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { solidColor } from '../color/paintRow';
import { timeColumn } from '../correlation/loadNeighbours';
import { timeConditions } from '../correlation/momentRows';
import { StepBar } from '../correlation/StepBar';
import { useReading } from '../correlation/useReading';
import { useRowMoments } from '../correlation/useRowMoments';
import type { Page, TableData } from '../data/TableData';
import { Distribution } from '../distribution/Distribution';
import type { PanelOptions } from '../options';
import { useLastShown } from '../reader/useLastShown';
import { pinnedFirst, shownColumns } from '../table/columns';
import { columnWidths, indexWidth } from '../table/columnWidths';
import { waitingText } from '../table/mergeLive';
import { isNarrowed } from '../table/narrowingOf';
import { neededColumns } from '../table/neededColumns';
import { fittingRows, placeOf } from '../table/paging';
import { HEIGHTS, panelLayout } from '../table/panelLayout';
import { rowFlags } from '../table/rowFlags';
import type { ViewAction, ViewState } from '../table/ViewState';
import { ColorLegend } from './ColorLegend';
import { ColumnsMenu } from './ColumnsMenu';
import { EmptyTable } from './EmptyTable';
import { FaultStrip } from './FaultStrip';
import { FilterChips } from './FilterChips';
import { Grid } from './Grid';
import { Message } from './Message';
import { Pager } from './Pager';
import { RolloutsReader } from './RolloutsReader';
import { TableFooter } from './TableFooter';
import { TableHeader } from './TableHeader';
import { TableToolbar } from './TableToolbar';
import { useDownload } from './useDownload';
import { useLensCounts } from './useLensCounts';
import { useLivePage } from './useLivePage';
import { useMatcher } from './useMatcher';
import { useNarrowing } from './useNarrowing';
import { useOpenRow } from './useOpenRow';
import { usePaints } from './usePaints';
import { useSampleNotice } from './useSampleNotice';
import { useTicks } from './useTicks';

interface Props {
  table: TableData;
  frame: DataFrame;
  tables: readonly { label: string; value: string }[];
  chosen: string;
  onTable: (value: string) => void;
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  options: PanelOptions;
  fieldConfig: FieldConfigSource;
  faults: readonly string[];
  width: number;
  height: number;
  timeZone: string;
  timeRange: TimeRange;
  onTimeRange: (range: AbsoluteTimeRange) => void;
  /** The dashboard's; Explore has none. */
  eventBus: EventBus | undefined;
  /** The panel's queries as they are saved. */
  targets: unknown;
}

/** Pixels of the distribution, and of the lowest panel that has room for it. */
const DISTRIBUTION = { height: 168, least: 360 };
const NOTHING: readonly string[] = [];
/** In a lower panel the rows come first. */
const LOWEST_WITH_TOOLBAR = 220;

/** A rollout table with its header, controls and reader. All state is in `view`; what is derived is derived here. */
export function RolloutsTable(props: Props) {
  const { table, frame, view, dispatch, options, fieldConfig, faults, width, height, timeZone } = props;
  const [isScrolled, setScrolled] = useState(false);
  const [hasGroup, setGroup] = useState(false);
  const [download, startDownload] = useDownload();
  const ticks = useTicks(options.tickVariable || undefined);
  const tickColumn = options.tickColumn;

  const pinned = view.pinned ?? options.pinned ?? NOTHING;
  const columns = useMemo(
    () => pinnedFirst(shownColumns(table.columns, options.columns, view.columns), pinned),
    [table.columns, options.columns, view.columns, pinned],
  );
  const names = columns.map(({ name }) => name);
  const paints = usePaints(table.columns, frame, options, fieldConfig);
  const { scale, ground } = paints;

  const first = indexWidth(table.total, ticks !== undefined);
  const isWide = columnWidths(columns, width - first, view.widths).reduce((sum, one) => sum + one, first) > width;
  const hasRoom = height >= DISTRIBUTION.least;
  const isDistributed = hasRoom && (view.distribution ?? options.distribution);
  const hasToolbar = options.showToolbar && height >= LOWEST_WITH_TOOLBAR;
  const above =
    (isDistributed ? DISTRIBUTION.height : 0) +
    (hasToolbar ? HEIGHTS.toolbar : 0) +
    (view.filter.length > 0 ? HEIGHTS.strip : 0);
  const layoutWith = (strips: number) =>
    panelLayout(width, height, options.lines, above + strips * HEIGHTS.strip, isWide);
  const fitting = () => fittingRows(layoutWith(0).rowsHeight, layoutWith(0).rowHeight);
  const size = Math.min(options.pageSize || fitting(), table.maxPageRows);
  const wantedPage = Math.floor(view.anchor / size);
  const time = timeColumn(table.columns)?.name;
  const needed = neededColumns(table.columns, [...names, ...paints.columns, ...(tickColumn ? [tickColumn] : [])], time);
  const [from, to] = [props.timeRange.from.valueOf(), props.timeRange.to.valueOf()];
  const times = useMemo(
    () => (options.inTimeRange && time !== undefined ? timeConditions(time, from, to) : []),
    [options.inTimeRange, time, from, to],
  );
  const asked = useNarrowing(view, table.columns, options.lens);
  const narrowing = useMemo(() => ({ ...asked, filter: [...(asked.filter ?? []), ...times] }), [asked, times]);
  const live = useLivePage(
    table,
    { page: wantedPage, limit: size, ...narrowing, columns: needed },
    wantedPage > 0 || view.open !== undefined || isScrolled,
  );

  const { page, data } = live;
  const counts = useLensCounts(data, narrowing, hasToolbar);
  const matcher = useMatcher(narrowing.search);
  const sample = useSampleNotice(data, page);
  const settled = useRef(view);
  if (live.isCurrent) {
    settled.current = view;
  }
  const flagsOf = useCallback((of: Page, row: number) => rowFlags(of, row, table.columns), [table.columns]);
  const total = page?.total ?? data.total;
  const place = placeOf(view.anchor, size, total);
  const toggleTick = ticks?.toggle;
  const onTick = useCallback(
    (row: number) => page && tickColumn && toggleTick?.(String(page.cell(row, tickColumn))),
    [page, tickColumn, toggleTick],
  );
  const { shown: openRow, fault: openFault } = useOpenRow(data, page, view.open);
  const readRow = useLastShown(openRow, view.open !== undefined);
  const openId = openRow?.page.rowId(openRow.row);
  useEffect(() => {
    // Turning the page opens whichever row stands there; the address is to name it.
    if (view.open && view.open.rowId === undefined && openId !== undefined) {
      dispatch({ type: 'open', row: view.open.row, rowId: openId });
    }
  }, [view.open, openId, dispatch]);
  const reading = useReading({ data, page, open: openRow, view, dispatch, targets: props.targets });
  const { onHover, isMarked } = useRowMoments(props.eventBus, page, time, to - from);
  const strips = [
    ...faults,
    ...(live.fault === undefined ? [] : [`These rows could not be read: ${live.fault}`]),
    ...(openFault === undefined ? [] : [`The row that the link names could not be read: ${openFault}`]),
  ];
  const layout = layoutWith(strips.length > 0 ? 1 : 0);
  const onFilter = (column: string, conditions: readonly Condition[]) =>
    dispatch({ type: 'filterColumn', column, conditions });
  const stepBar = reading.current && (
    <StepBar
      data={data}
      {...reading.current}
      onStep={reading.goToStep}
      onAll={reading.showAll}
      onTimeRange={props.onTimeRange}
    />
  );
  return (
    <section className={root} aria-label={`Rollouts ${table.label}`}>
      <TableHeader
        label={table.label}
        notice={[table.notice, sample].filter(Boolean).join(' · ') || undefined}
        tables={props.tables}
        table={props.chosen}
        onTable={props.onTable}
        waiting={live.waiting === undefined ? undefined : waitingText(total, live.waiting)}
        onShowNewest={() => {
          dispatch({ type: 'goTo', anchor: 0 });
          live.showNewest();
        }}
        legend={
          options.showLegend &&
          scale &&
          width > 360 && <ColorLegend scale={scale} solid={(color) => solidColor(color, ground)} />
        }
        step={!readRow && width > 480 && stepBar}
        distribution={
          hasRoom
            ? { isOpen: isDistributed, onToggle: () => dispatch({ type: 'setDistribution', isOpen: !isDistributed }) }
            : undefined
        }
      />
      {hasToolbar && (
        <TableToolbar
          data={data}
          narrowing={narrowing}
          found={page?.total}
          isBusy={live.isLoading}
          progress={live.progress}
          onCancel={() => dispatch({ type: 'restore', view: settled.current })}
          counts={counts}
          lens={narrowing.lens ?? (narrowing.orderBy.length === 0 ? data.defaultLens : undefined)}
          onLens={(lens) => dispatch({ type: 'lens', lens: lens ?? (options.lens && 'newest') })}
          onSearch={(search) => dispatch({ type: 'search', search })}
          onFilter={onFilter}
        />
      )}
      {view.filter.length > 0 && (
        <FilterChips
          data={data}
          filter={view.filter}
          narrowing={narrowing}
          onChange={onFilter}
          onClear={() => dispatch({ type: 'clearFilter' })}
        />
      )}
      {strips.length > 0 && (
        <FaultStrip text={strips.join(' · ')} {...(live.fault !== undefined && { onRetry: live.retry })} />
      )}
      {isDistributed && (
        <Distribution
          data={data}
          width={width}
          height={DISTRIBUTION.height}
          narrowing={narrowing}
          filter={[...reading.filter, ...times]}
          onFilter={reading.setFilter}
        />
      )}
      {page && page.count > 0 ? (
        <Grid
          label={`Rollouts ${table.label}`}
          page={page}
          total={total}
          columns={columns}
          layout={layout}
          width={width}
          lines={options.lines}
          timeZone={timeZone}
          paintOf={paints.paintOf}
          paintColumn={options.colorBy === 'cell' ? scale?.column : undefined}
          paintPart={paints.paintPart}
          flagsOf={flagsOf}
          matcher={matcher}
          orderBy={narrowing.orderBy}
          onSort={(column, add) => dispatch({ type: 'sort', column, add })}
          resized={view.widths}
          pinned={pinned}
          actions={{
            data,
            narrowing,
            orderBy: narrowing.orderBy,
            pinned,
            onOrder: (orderBy) => dispatch({ type: 'setOrder', orderBy }),
            onFilter,
            onPin: (list) => dispatch({ type: 'pin', columns: list }),
            onHide:
              names.length > 1
                ? (name) => dispatch({ type: 'setColumns', columns: names.filter((one) => one !== name) })
                : undefined,
            onResize: (column, to) => dispatch({ type: 'resize', column, width: to }),
          }}
          openRow={openRow?.isOnPage ? openRow.row : undefined}
          onOpen={(row) => dispatch({ type: 'open', row: page.offset + row, rowId: page.rowId(row) })}
          onGroup={(row) => {
            setGroup(true);
            dispatch({ type: 'open', row: page.offset + row, rowId: page.rowId(row) });
          }}
          onScroll={setScrolled}
          onHover={onHover}
          isMarked={isMarked}
          isTicked={ticks && tickColumn ? (row) => ticks.has(String(page.cell(row, tickColumn))) : undefined}
          onTick={onTick}
          isStale={live.isLoading || live.fault !== undefined}
        />
      ) : (
        <div style={{ height: layout.bodyHeight }}>
          {page && live.fault === undefined ? (
            <EmptyTable isNarrowed={isNarrowed(narrowing)} onShowAll={() => dispatch({ type: 'showAll' })} />
          ) : (
            live.isLoading && <Message icon="hourglass" title="Loading rollouts…" />
          )}
        </div>
      )}
      <TableFooter
        isNarrow={layout.isNarrow}
        pager={<Pager place={place} total={total} onPage={(to) => dispatch({ type: 'goTo', anchor: to * size })} />}
        columnsMenu={
          <ColumnsMenu
            columns={table.columns}
            shown={names}
            onChange={(list) => dispatch({ type: 'setColumns', columns: list })}
            pinned={pinned}
            onPin={(list) => dispatch({ type: 'pin', columns: list })}
          />
        }
        download={download}
        onExport={() => startDownload(data, names, narrowing)}
        onReset={() => {
          dispatch({ type: 'reset' });
          live.showNewest();
        }}
      />
      {readRow && (
        <RolloutsReader
          data={data}
          open={readRow}
          columns={table.columns}
          timeZone={timeZone}
          timeRange={props.timeRange}
          view={view}
          dispatch={dispatch}
          paintReward={paints.paintReward}
          goToStep={reading.goToStep}
          steps={stepBar}
          hasGroup={hasGroup}
          onGroup={setGroup}
          search={narrowing.search}
          matcher={matcher}
        />
      )}
    </section>
  );
}

const root = css({ display: 'flex', flexDirection: 'column', width: '100%', height: '100%', overflow: 'hidden' });
