import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Drawer, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useCallback, useEffect, useRef } from 'react';
import type { Page, TableColumn, TableData } from '../data/TableData';
import { readableText } from '../text/readableText';
import { RowFields } from './RowFields';
import { useWholeRow } from './useWholeRow';

interface Props {
  data: TableData;
  page: Page;
  /** The row, counted from 0 within the page. */
  row: number;
  columns: readonly TableColumn[];
  timeZone: string;
  onMove: (by: -1 | 1) => void;
  onClose: () => void;
}

/** A row with the full text of every column. `j` and `k` go to the next and the previous one, Escape closes. */
export function RowDrawer({ data, page, row, columns, timeZone, onMove, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const open = useWholeRow(data, page, row);
  const index = page.offset + row;
  const hasNext = index + 1 < data.total;
  const top = useRef<HTMLDivElement | null>(null);
  // Without this the drawer focuses its closing button, whose tooltip would take the first Escape for itself.
  const focusReader = useCallback((reader: HTMLDivElement | null) => {
    top.current = reader;
    reader?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    // A new row is read from its beginning.
    if (open.rowId !== '') {
      top.current?.scrollIntoView({ block: 'start' });
    }
  }, [open.rowId]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Grafana's drawer does not close by this key in every version.
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
      return;
    }
    const by = event.key === 'j' && hasNext ? 1 : event.key === 'k' && index > 0 ? -1 : 0;
    if (by !== 0 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      onMove(by);
    }
  };
  const step = columns.find(({ role }) => role === 'step');
  const stepText = step ? readableText(page.cell(row, step.name)) : '';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: catches the keys of the whole drawer; each has a button too
    <div onKeyDown={onKeyDown}>
      <Drawer
        title={`Row ${index + 1} of ${data.total}${stepText && ` · step ${stepText}`}`}
        subtitle={data.label}
        onClose={onClose}
      >
        <div ref={focusReader} className={styles.reader} tabIndex={-1}>
          <div className={styles.moves}>
            <Button
              size="sm"
              variant="secondary"
              icon="angle-up"
              disabled={index === 0}
              onClick={() => onMove(-1)}
              tooltip="Previous row (k)"
            >
              Previous
            </Button>
            <Button
              size="sm"
              variant="secondary"
              icon="angle-down"
              disabled={!hasNext}
              onClick={() => onMove(1)}
              tooltip="Next row (j)"
            >
              Next
            </Button>
          </div>
          {open.fault !== undefined && (
            <Alert title="The row could not be read" severity="error" buttonContent="Retry" onRemove={open.retry}>
              {open.fault}
            </Alert>
          )}
          {open.fault === undefined && !open.cells && <LoadingPlaceholder text="Loading the whole row…" />}
          {open.cells && <RowFields key={open.rowId} cells={open.cells} columns={columns} timeZone={timeZone} />}
        </div>
      </Drawer>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  reader: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), outline: 'none' }),
  moves: css({ display: 'flex', gap: theme.spacing(1) }),
});
