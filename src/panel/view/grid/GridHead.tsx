import { cx } from '@emotion/css';
import { Icon } from '@grafana/ui';
import React, { type PointerEvent } from 'react';
import type { TableColumn } from '../../data/TableData';
import { describeColumn } from '../../table/describeColumn';
import { type ColumnActions, ColumnMenu } from '../columns/ColumnMenu';
import type { GridStyles } from './gridStyles';
import type { ColumnPlaces } from './useColumnPlaces';

interface Props {
  columns: readonly TableColumn[];
  places: ColumnPlaces;
  onSort: (column: string, add: boolean) => void;
  actions: ColumnActions;
  styles: GridStyles;
}

/** Column headers: a click sorts, with Shift beside the other columns; the edge resizes; a menu has the rest. */
export function GridHead(props: Props) {
  const { columns, onSort, actions, styles } = props;
  const { widths, lefts, isIndexPinned } = props.places;
  const { orderBy } = actions;
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th
          scope="col"
          className={cx(styles.head, isIndexPinned && styles.pinnedHead)}
          style={isIndexPinned ? { left: 0 } : undefined}
        >
          <span role="img" aria-label="Row number" />
        </th>
        {columns.map((column, i) => {
          const { name, label } = column;
          const at = orderBy.findIndex((entry) => entry.column === name);
          const direction = orderBy[at]?.direction;
          const sorted = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none';
          const left = lefts[i];
          return (
            <th
              key={name}
              scope="col"
              aria-sort={sorted}
              className={cx(styles.head, left !== undefined && styles.pinnedHead)}
              style={left === undefined ? undefined : { left }}
            >
              <div className={styles.headCell}>
                <button
                  type="button"
                  className={styles.sort}
                  title={`${describeColumn(column)}. Click to sort, Shift-click to sort by it, too.`}
                  onClick={(event) => onSort(name, event.shiftKey)}
                >
                  <span>{label}</span>
                  {direction && <Icon name={direction === 'asc' ? 'arrow-up' : 'arrow-down'} size="sm" />}
                  {direction && orderBy.length > 1 && <sub className={styles.order}>{at + 1}</sub>}
                </button>
                <span className={styles.headMenu}>
                  <ColumnMenu {...actions} column={column} width={widths[i] ?? 0} />
                </span>
              </div>
              <Resizer
                width={widths[i] ?? 0}
                onResize={(width) => actions.onResize(name, width)}
                onFit={() => actions.onResize(name, undefined)}
                className={styles.resizer}
              />
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface ResizerProps {
  width: number;
  onResize: (width: number) => void;
  onFit: () => void;
  className: string;
}

/** The right edge of a column, to drag; a double click fits it again. By keyboard the column's menu does the same. */
function Resizer({ width, onResize, onFit, className }: ResizerProps) {
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) => onResize(width + move.clientX - from);
    const onEnd = () => {
      handle.removeEventListener('pointermove', onMove);
      handle.removeEventListener('lostpointercapture', onEnd);
    };
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('lostpointercapture', onEnd);
  };
  return <div aria-hidden className={className} onPointerDown={onPointerDown} onDoubleClick={onFit} />;
}
