import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Dropdown, IconButton, Menu, useStyles2 } from '@grafana/ui';
import type { ExportFormat } from '@rolloscope/contract/names';
import React, { type ReactNode } from 'react';
import { palette } from '../../../shared/palette';
import { HEIGHTS } from '../../table/panelLayout';
import type { DownloadState } from './useDownload';

interface Props {
  isNarrow: boolean;
  pager: ReactNode;
  columnsMenu: ReactNode;
  download: DownloadState;
  formats: readonly ExportFormat[];
  onExport: (format: ExportFormat) => void;
  /** Saves rollouts as a file; undefined where there is nothing to save. */
  onSave: (() => void) | undefined;
  onReset: () => void;
}

/** The controls of the table. */
export function TableFooter({ isNarrow, pager, columnsMenu, download, formats, onExport, onSave, onReset }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={cx(styles.footer, isNarrow && styles.narrow)}>
      <div className={styles.line}>
        {pager}
        <span role="status" className={cx(styles.status, download.isFault && styles.fault)} title={download.message}>
          {download.message}
        </span>
      </div>
      <div className={styles.actions}>
        <ExportButton {...{ isNarrow, formats, onExport, onSave }} isBusy={download.isBusy} />
        {columnsMenu}
        <Button size="sm" variant="secondary" fill="text" onClick={onReset}>
          Reset Table
        </Button>
      </div>
    </div>
  );
}

interface ExportProps extends Pick<Props, 'isNarrow' | 'formats' | 'onExport' | 'onSave'> {
  isBusy: boolean;
}

/** CSV is one click away, and other formats are in a menu; a narrow panel has room for the menu alone. */
function ExportButton({ isNarrow, formats, onExport, onSave, isBusy }: ExportProps) {
  const overlay = <Formats formats={formats} onExport={onExport} onSave={onSave} />;
  const hasMenu = formats.length > 1 || onSave !== undefined;
  if (isNarrow && hasMenu) {
    return (
      <Dropdown overlay={overlay} placement="top-start">
        <Button size="sm" variant="secondary" fill="text" disabled={isBusy} aria-label="Export as…">
          Export…
        </Button>
      </Dropdown>
    );
  }
  return (
    <>
      <Button size="sm" variant="secondary" fill="text" disabled={isBusy} onClick={() => onExport('csv')}>
        Export as CSV
      </Button>
      {hasMenu && (
        <Dropdown overlay={overlay} placement="top-start">
          <IconButton name="angle-down" size="sm" aria-label="Export as…" disabled={isBusy} />
        </Dropdown>
      )}
    </>
  );
}

const NAMES: Record<ExportFormat, string> = { csv: 'CSV', jsonl: 'JSON lines', parquet: 'Parquet' };

function Formats({ formats, onExport, onSave }: Pick<Props, 'formats' | 'onExport' | 'onSave'>) {
  return (
    <Menu>
      {formats.map((format) => (
        <Menu.Item key={format} label={NAMES[format]} onClick={() => onExport(format)} />
      ))}
      {onSave && <Menu.Item label="Save as HTML…" onClick={onSave} />}
    </Menu>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const line = { display: 'flex', alignItems: 'center', height: HEIGHTS.footerLine, minWidth: 0 };
  return {
    footer: css({
      display: 'flex',
      justifyContent: 'space-between',
      flexShrink: 0,
      padding: theme.spacing(0, 1),
      borderTop: `1px solid ${palette(theme).border.weak}`,
    }),
    narrow: css({
      flexDirection: 'column',
      justifyContent: 'flex-start',
      '& > div': { flex: 'none' },
      '& button': { padding: theme.spacing(0, 0.5) },
    }),
    line: css({ ...line, gap: theme.spacing(1), flex: 1 }),
    actions: css({ ...line, flexShrink: 0, marginLeft: theme.spacing(-0.5) }),
    status: css({
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      color: palette(theme).text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    fault: css({ color: theme.colors.error.text }),
  };
};
