import type { TimeRange } from '@grafana/data';
import React, { type ComponentProps, type Dispatch } from 'react';
import type { StepReading } from '../correlation/useReading';
import type { Page } from '../data/TableData';
import type { GroupProps } from '../group/GroupView';
import { LazyGroup } from '../group/LazyGroup';
import { Reader } from '../reader/Reader';
import { permalink } from '../reader/row/permalink';
import type { ViewAction, ViewState } from '../table/ViewState';
import type { Paints } from './model/usePaints';

interface Props
  extends Omit<ComponentProps<typeof Reader>, 'page' | 'row' | 'renderGroup' | 'onMove' | 'onClose' | 'link'> {
  /** The row to read; it may stand on a page of its own. */
  open: { page: Page; row: number };
  view: ViewState;
  dispatch: Dispatch<ViewAction>;
  paintReward: Paints['paintReward'];
  goToStep: StepReading['goToStep'];
  /** The dashboard's time range, for links that stay true. */
  timeRange: TimeRange;
  onSaveGroup: NonNullable<GroupProps['onSave']>;
}

/** The reader of a table's row, with its prompt group: where it leads is the table's state. */
export function RolloutsReader({
  open,
  view,
  dispatch,
  paintReward,
  goToStep,
  timeRange,
  onSaveGroup,
  ...reader
}: Props) {
  return (
    <Reader
      {...reader}
      page={open.page}
      row={open.row}
      link={() => permalink(window.location.href, timeRange)}
      renderGroup={(row) => (
        <LazyGroup
          data={reader.data}
          {...row}
          paintOf={paintReward}
          onSave={onSaveGroup}
          onGo={(run, step) => goToStep(step, run === '' ? undefined : run)}
          onOpenRow={(of, at) => dispatch({ type: 'open', row: view.open?.row ?? 0, rowId: of.rowId(at) })}
        />
      )}
      onMove={(by) => dispatch({ type: 'open', row: open.page.offset + open.row + by })}
      onClose={() => dispatch({ type: 'close' })}
    />
  );
}
