import React, { type Dispatch, useCallback, useState } from 'react';
import { Message } from '../../shared/Message';
import { RowMenu } from '../alerts/RowMenu';
import type { RunAlerts } from '../alerts/useRunAlerts';
import type { Page } from '../data/TableData';
import type { PanelOptions } from '../options';
import { isNarrowed } from '../table/narrowingOf';
import { rowFlags } from '../table/rowFlags';
import type { ViewAction, ViewState } from '../table/ViewState';
import type { ColumnActions } from './columns/ColumnMenu';
import { EmptyTable } from './EmptyTable';
import { Grid, type RowPlace } from './grid/Grid';
import type { TableModel } from './model/useTableModel';

interface Props {
  model: TableModel;
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  options: PanelOptions;
  label: string;
  width: number;
  timeZone: string;
  /** Left out where rows lead to no alert rules. */
  alerts: RunAlerts | undefined;
  onFilter: ColumnActions['onFilter'];
  /** A row is opened to be read with its group. */
  onGroup: () => void;
}

/** The menu of a row as it was when it was asked for: new rows may have come in above it since. */
interface OpenMenu {
  place: RowPlace;
  run: string;
  open: () => void;
}

/** The rows of a table's page, or why there are none. */
export function TableBody(props: Props) {
  const { model, view, dispatch, options, label, width, timeZone, alerts, onFilter, onGroup } = props;
  const { data, page, live, columns, characters, names, pinned, paints, ticks, narrowing, layout, openRow, moments } =
    model;
  const flagsOf = useCallback((of: Page, row: number) => rowFlags(of, row, data.columns), [data.columns]);
  const [menu, setMenu] = useState<OpenMenu>();
  const onTick = useCallback((row: number) => page && ticks?.toggle(page, row), [page, ticks]);
  if (!page || page.count === 0) {
    return (
      <div style={{ height: layout.bodyHeight }}>
        {page && live.fault === undefined ? (
          <EmptyTable
            isInTimes={data.isInTimes === true}
            isNarrowed={isNarrowed(narrowing)}
            // A frame of runs is called so, by our data source and by others.
            isOfRuns={data.label === 'runs'}
            onShowAll={() => dispatch({ type: 'showAll' })}
          />
        ) : (
          live.isLoading && <Message icon="hourglass" title="Loading rollouts…" />
        )}
      </div>
    );
  }
  const open = (row: number) => dispatch({ type: 'open', row: page.offset + row, rowId: page.rowId(row) });
  const grid = (
    <Grid
      label={label}
      page={page}
      total={model.total}
      columns={columns}
      characters={characters}
      layout={layout}
      width={width}
      lines={options.lines}
      timeZone={timeZone}
      fromQuestion={!options.promptsFromStart}
      paintOf={paints.paintOf}
      paintColumn={options.colorBy === 'cell' ? paints.scale?.column : undefined}
      paintPart={paints.paintPart}
      flagsOf={flagsOf}
      matcher={model.matcher}
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
      onOpen={open}
      onGroup={(row) => {
        onGroup();
        open(row);
      }}
      onMenu={
        alerts &&
        ((place) => {
          const run = page.cell(place.row, alerts.column);
          if (typeof run === 'string' && run !== '') {
            setMenu({ place, run, open: () => open(place.row) });
          }
        })
      }
      onScroll={model.onScroll}
      onHover={moments.onHover}
      isMarked={moments.isMarked}
      isTicked={ticks && ((row) => ticks.has(page, row))}
      onTick={onTick}
      isStale={live.isStale}
    />
  );
  return (
    <>
      {grid}
      {menu && alerts && (
        <RowMenu
          alerts={alerts}
          run={menu.run}
          x={menu.place.x}
          y={menu.place.y}
          onOpen={menu.open}
          onClose={() => {
            setMenu(undefined);
            menu.place.element.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}
