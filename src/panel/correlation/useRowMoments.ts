import type { EventBus } from '@grafana/data';
import { useCallback, useMemo } from 'react';
import type { Page } from '../data/TableData';
import { nearestTime } from './momentRows';
import { useCrosshair } from './useCrosshair';

/** Rows, counted within their page, and the moment that the dashboard's panels point at. */
export interface RowMoments {
  /** Takes the row under the pointer; undefined for none. */
  onHover: (row: number | undefined) => void;
  /** Says whether a row is of the moment that is pointed at. */
  isMarked: (row: number) => boolean;
}

/**
 * Rows and the shared crosshair, both ways: the row under the pointer moves it, and rows of the moment at which it stands
 * are marked. `time` is the column of wall times, `range` the length of the dashboard's time range in milliseconds.
 */
export function useRowMoments(
  eventBus: EventBus | undefined,
  page: Page | undefined,
  time: string | undefined,
  range: number,
): RowMoments {
  const { moment, point, clear } = useCrosshair(eventBus);
  const marked = useMemo(
    () =>
      page && time !== undefined && moment !== undefined ? nearestTime(timesOf(page, time), moment, range) : undefined,
    [page, time, moment, range],
  );
  const onHover = useCallback(
    (row: number | undefined) =>
      row === undefined || !page || time === undefined ? clear() : point(page.cell(row, time)),
    [page, time, point, clear],
  );
  const isMarked = (row: number) => marked !== undefined && time !== undefined && page?.cell(row, time) === marked;
  return { onHover, isMarked };
}

function timesOf(page: Page, column: string): number[] {
  return Array.from({ length: page.count }, (_, row) => page.cell(row, column)).filter(
    (time) => typeof time === 'number',
  );
}
