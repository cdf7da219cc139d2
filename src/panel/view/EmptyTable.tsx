import { Button } from '@grafana/ui';
import React from 'react';
import { Message } from '../../shared/Message';

interface Props {
  /** True where something that the viewer chose leaves rows out. */
  isNarrowed: boolean;
  /** True where rows outside of the dashboard's time range are left out. */
  isInTimes: boolean;
  /** True where the table's rows are runs. */
  isOfRuns: boolean;
  onShowAll: () => void;
}

/** Stands where rows would: why there are none, and what to do. */
export function EmptyTable({ isNarrowed, isInTimes, isOfRuns, onShowAll }: Props) {
  if (isInTimes && !isNarrowed) {
    return (
      <Message icon="clock-nine" title="No rollouts in the dashboard's time range">
        <p>Rows that were logged before or after are left out, as the panel's options say.</p>
      </Message>
    );
  }
  return isNarrowed ? (
    <Message icon="filter" title="No rollouts match">
      <p>The table has rows, but none that the filter, the search and the lens all leave.</p>
      <Button size="sm" variant="secondary" onClick={onShowAll}>
        Show all rows
      </Button>
    </Message>
  ) : (
    <Message icon="list-ul" title={`No ${isOfRuns ? 'runs' : 'rollouts'} logged yet`}>
      <p>They show here as soon as {isOfRuns ? 'a trainer logs one' : 'the run logs this table'}, without a reload.</p>
    </Message>
  );
}
