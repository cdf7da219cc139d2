import { css } from '@emotion/css';
import type { AbsoluteTimeRange } from '@grafana/data';
import type { LabelSource } from '@rolloscope/contract/frames';
import React, { type KeyboardEvent, useState } from 'react';
import type { RunAlerts } from '../alerts/useRunAlerts';
import type { BundleAsk, BundleSubject } from '../bundle/BundleAsk';
import { LazyBundleDialog } from '../bundle/LazyBundleDialog';
import { solidColor } from '../color/paintRow';
import { loadNeighbours } from '../correlation/loadNeighbours';
import { StepBar } from '../correlation/StepBar';
import { LazyPart } from '../lazy/LazyPart';
import { lazyChunk } from '../lazy/lazyChunk';
import { actionOf } from '../reader/keys';
import { permalink } from '../reader/row/permalink';
import { waitingText } from '../table/mergeLive';
import { DISTRIBUTION } from '../table/panelParts';
import type { ColumnActions } from './columns/ColumnMenu';
import { ColumnsMenu } from './columns/ColumnsMenu';
import { FaultStrip } from './FaultStrip';
import { FilterChips } from './filter/FilterChips';
import { ColorLegend } from './footer/ColorLegend';
import { Pager } from './footer/Pager';
import { TableFooter } from './footer/TableFooter';
import { useDownload } from './footer/useDownload';
import { LazyReader, useReaderAhead } from './LazyReader';
import { type TableProps, useTableModel } from './model/useTableModel';
import { TableBody } from './TableBody';
import { TableHeader } from './TableHeader';
import { TableToolbar } from './toolbar/TableToolbar';

interface Props extends TableProps {
  /** Labels of all tables of the panel. */
  tables: readonly { label: string; value: string }[];
  chosen: string;
  onTable: (value: string) => void;
  isUntitled: boolean;
  /** The way to alert rules about the runs of rows; undefined where rows lead to none. */
  alerts: RunAlerts | undefined;
  /** The source of people's labels; undefined where rows are no store's. */
  labels: LabelSource | undefined;
  timeZone: string;
  onTimeRange: (range: AbsoluteTimeRange) => void;
}

const distribution = lazyChunk(async () => (await import('../distribution/Distribution')).Distribution);

/** Below these widths the head says less. */
const WIDTHS = { legend: 360, steps: 480 };

/** A rollout table with its head, controls and reader. */
export function RolloutsTable(props: Props) {
  const { table, view, dispatch, options, width, timeZone } = props;
  const model = useTableModel(props);
  const { rows, narrowing, parts, layout, reading, said } = model;
  const { data, page } = rows;
  const { paints } = model.look;
  useReaderAhead(rows.total > 0);
  const [hasGroup, setGroup] = useState(false);
  const [download, startDownload] = useDownload();
  const [ask, setAsk] = useState<BundleAsk>();
  const saveAs = (subject: BundleSubject) => {
    const link = permalink(window.location.href, props.timeRange);
    setAsk({ data, subject, source: { frame: props.frame, label: table.label, link, narrowing, timeZone } });
  };

  const onFilter: ColumnActions['onFilter'] = (column, conditions) =>
    dispatch({ type: 'filterColumn', column, conditions });
  const stepBy = (by: -1 | 1) => {
    const { current, goToStep } = reading;
    if (current) {
      loadNeighbours(data, current.step, current.run, new AbortController().signal).then(
        ({ before, after }) => {
          const to = by > 0 ? after : before;
          if (to) {
            goToStep(to.step);
          }
        },
        // The buttons say what is there; a store that is away is said elsewhere.
        () => undefined,
      );
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = actionOf(event);
    if (action === 'nextStep' || action === 'previousStep') {
      event.preventDefault();
      event.stopPropagation();
      stepBy(action === 'nextStep' ? 1 : -1);
    }
  };
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
    <section className={root} aria-label={`Rollouts ${table.label}`} onKeyDown={onKeyDown}>
      <TableHeader
        label={table.label}
        notice={said.notice || undefined}
        tables={props.tables}
        table={props.chosen}
        onTable={props.onTable}
        isUntitled={props.isUntitled}
        waiting={rows.waiting === undefined ? undefined : waitingText(rows.total, rows.waiting)}
        onShowNewest={() => {
          dispatch({ type: 'goTo', anchor: 0 });
          rows.showNewest();
        }}
        legend={
          options.showLegend &&
          paints.scale &&
          width > WIDTHS.legend && (
            <ColorLegend scale={paints.scale} solid={(color) => solidColor(color, paints.ground)} />
          )
        }
        step={!reading.shown && width > WIDTHS.steps && stepBar}
        distribution={
          parts.canDistribute
            ? {
                isOpen: parts.isDistributed,
                onToggle: () => dispatch({ type: 'setDistribution', isOpen: !parts.isDistributed }),
              }
            : undefined
        }
      />
      {parts.hasToolbar && (
        <TableToolbar
          data={data}
          narrowing={narrowing}
          found={rows.page?.total}
          isBusy={rows.isLoading}
          progress={rows.progress}
          onCancel={rows.cancel}
          counts={said.counts}
          lens={narrowing.lens ?? (narrowing.orderBy.length === 0 ? data.defaultLens : undefined)}
          onLens={(lens) => dispatch({ type: 'lens', lens: lens ?? (options.lens && 'newest') })}
          onSearch={(search) => dispatch({ type: 'search', search })}
          onFilter={onFilter}
        />
      )}
      {parts.hasChips && (
        <FilterChips
          data={data}
          filter={view.filter}
          narrowing={narrowing}
          onChange={onFilter}
          onClear={() => dispatch({ type: 'clearFilter' })}
        />
      )}
      {said.faults.length > 0 && (
        <FaultStrip text={said.faults.join(' · ')} {...(rows.fault !== undefined && { onRetry: rows.retry })} />
      )}
      {parts.isDistributed && (
        <LazyPart
          name="The distribution"
          chunk={distribution}
          around={(said) => <div style={{ height: DISTRIBUTION.height, overflow: 'auto' }}>{said}</div>}
          drawn={{
            data,
            width,
            height: DISTRIBUTION.height,
            narrowing,
            filter: reading.filter,
            onFilter: reading.setFilter,
          }}
        />
      )}
      <TableBody
        model={model}
        view={view}
        dispatch={dispatch}
        options={options}
        label={`Rollouts ${table.label}`}
        width={width}
        timeZone={timeZone}
        alerts={props.alerts}
        onFilter={onFilter}
        onGroup={() => setGroup(true)}
      />
      <TableFooter
        isNarrow={layout.isNarrow}
        pager={
          <Pager
            place={rows.place}
            total={rows.total}
            onPage={(to) => dispatch({ type: 'goTo', anchor: to * rows.place.size })}
          />
        }
        columnsMenu={
          <ColumnsMenu
            columns={table.columns}
            shown={model.columns.names}
            onChange={(list) => dispatch({ type: 'setColumns', columns: list })}
            pinned={model.columns.pinned}
            onPin={(list) => dispatch({ type: 'pin', columns: list })}
          />
        }
        download={download}
        formats={data.exportFormats}
        onSave={page && page.count > 0 ? () => saveAs({ of: 'table', page }) : undefined}
        onExport={(format) => startDownload(data, model.columns.names, narrowing, format)}
        onReset={() => {
          dispatch({ type: 'reset' });
          rows.showNewest();
        }}
      />
      {reading.shown && (
        <LazyReader
          data={data}
          open={reading.shown}
          columns={table.columns}
          timeZone={timeZone}
          timeRange={props.timeRange}
          view={view}
          dispatch={dispatch}
          paintReward={paints.paintReward}
          goToStep={reading.goToStep}
          steps={stepBar}
          alerts={props.alerts}
          labels={props.labels}
          onStep={stepBy}
          onSave={(row, isGroup) => saveAs({ of: 'row', row, hasGroup: isGroup })}
          onSaveGroup={(group, pair, reading) => saveAs({ of: 'group', page: group, pair, reading })}
          isBehind={ask !== undefined}
          hasGroup={hasGroup}
          onGroup={setGroup}
          search={narrowing.search}
          matcher={model.look.matcher}
        />
      )}
      {ask && <LazyBundleDialog ask={ask} onClose={() => setAsk(undefined)} />}
    </section>
  );
}

const root = css({ display: 'flex', flexDirection: 'column', width: '100%', height: '100%', overflow: 'hidden' });
