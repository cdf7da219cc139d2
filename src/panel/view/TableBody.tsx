import React, { type Dispatch, useCallback, useMemo, useState } from 'react';
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
  /** The way to alert rules about the runs of rows; undefined where rows lead to none. */
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

/** Characters that a line of a cell can show on a wide screen. */
const LINE_CHARACTERS = 600;

/** The rows of a table's page, or why there are none. */
export function TableBody(props: Props) {
  const { model, view, dispatch, options, label, width, timeZone, alerts, onFilter, onGroup } = props;
  const { rows, columns, narrowing, layout, reading } = model;
  const { data, page } = rows;
  const { paints, matcher, moments, ticks } = model.look;
  const [menu, setMenu] = useState<OpenMenu>();
  const onTick = useCallback((row: number) => page && ticks?.toggle(page, row), [page, ticks]);
  const { lines, promptsFromStart, colorBy } = options;
  const look = useMemo(
    () => ({
      lines,
      format: { limit: lines * LINE_CHARACTERS, timeZone, fromQuestion: !promptsFromStart },
      paintOf: paints.paintOf,
      paintColumn: colorBy === 'cell' ? paints.scale?.column : undefined,
      paintPart: paints.paintPart,
      flagsOf: (of: Page, row: number) => rowFlags(of, row, data.columns),
      matcher,
    }),
    [lines, timeZone, promptsFromStart, colorBy, paints, data.columns, matcher],
  );
  if (!page || page.count === 0) {
    return (
      <div style={{ height: layout.bodyHeight }}>
        {page && rows.fault === undefined ? (
          <EmptyTable
            isInTimes={data.isInTimes === true}
            isNarrowed={isNarrowed(narrowing)}
            // A frame of runs is called so, by our data source and by others.
            isOfRuns={data.label === 'runs'}
            onShowAll={() => dispatch({ type: 'showAll' })}
          />
        ) : (
          rows.isLoading && <Message icon="hourglass" title="Loading rollouts…" />
        )}
      </div>
    );
  }
  const open = (row: number) => dispatch({ type: 'open', row: page.offset + row, rowId: page.rowId(row) });
  const { names, pinned } = columns;
  const { orderBy } = narrowing;
  return (
    <>
      <Grid
        label={label}
        page={page}
        total={rows.total}
        isStale={rows.isStale}
        columns={{ choice: columns, orderBy, characters: model.characters, resized: view.widths }}
        layout={layout}
        width={width}
        look={look}
        marks={{
          open: reading.open?.isOnPage ? reading.open.row : undefined,
          isMarked: moments.isMarked,
          isTicked: ticks && ((row) => ticks.has(page, row)),
        }}
        rowActions={{
          onOpen: open,
          onGroup: (row) => {
            onGroup();
            open(row);
          },
          onMenu:
            alerts &&
            ((place) => {
              const run = page.cell(place.row, alerts.column);
              if (typeof run === 'string' && run !== '') {
                setMenu({ place, run, open: () => open(place.row) });
              }
            }),
          onHover: moments.onHover,
          onTick,
        }}
        columnActions={{
          data,
          narrowing,
          orderBy,
          pinned,
          onOrder: (order) => dispatch({ type: 'setOrder', orderBy: order }),
          onFilter,
          onPin: (list) => dispatch({ type: 'pin', columns: list }),
          onHide:
            names.length > 1
              ? (name) => dispatch({ type: 'setColumns', columns: names.filter((one) => one !== name) })
              : undefined,
          onResize: (column, to) => dispatch({ type: 'resize', column, width: to }),
        }}
        onSort={(column, add) => dispatch({ type: 'sort', column, add })}
        onScroll={rows.onScroll}
      />
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
