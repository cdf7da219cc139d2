import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, Icon, IconButton, useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { palette } from '../../shared/palette';
import { HEIGHTS } from '../table/panelLayout';

interface Props {
  label: string;
  /** The words that say where the table is less than it could be. */
  notice: string | undefined;
  /** Labels of all tables of the panel, where there are several. */
  tables: readonly { label: string; value: string }[];
  table: string;
  onTable: (value: string) => void;
  /** `12 new rows`, where some wait. */
  waiting: string | undefined;
  onShowNewest: () => void;
  legend: ReactNode;
  /** The step that is being read, where it is one. */
  step: ReactNode;
  /** Grafana's menu then comes over the corner at the right as soon as the pointer is here, and takes the clicks. */
  isUntitled: boolean;
  /** The distribution's button; left out where the panel has no room for it. */
  distribution?: { isOpen: boolean; onToggle: () => void } | undefined;
}

/**
 * The room that the menu of a panel without a title takes: 78 pixels with a description, 118 with a handle for
 * dragging, more with notices and links. Little room is not given away for what only editors of a dashboard meet.
 */
const GRAFANA_MENU = 'clamp(80px, 25%, 180px)';

/** Shows what the table is, and how its colours read. */
export function TableHeader({ label, notice, tables, table, onTable, waiting, onShowNewest, legend, ...props }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={cx(styles.header, props.isUntitled && styles.untitled)}>
      {tables.length > 1 ? (
        <div className={styles.choice}>
          <Combobox
            aria-label="Table"
            options={[...tables]}
            value={table}
            onChange={({ value }: { value: string }) => onTable(value)}
          />
        </div>
      ) : (
        <h2 className={styles.label} title={label}>
          {label}
        </h2>
      )}
      {notice && (
        <span className={styles.notice} role="note" title={notice}>
          <Icon name="info-circle" size="sm" /> {notice}
        </span>
      )}
      {!props.isUntitled && <span className={styles.space} />}
      <span role="status">
        {waiting && (
          <Button size="sm" variant="secondary" icon="arrow-up" onClick={onShowNewest} tooltip="Go to the newest rows">
            {waiting}
          </Button>
        )}
      </span>
      {props.step}
      {legend}
      {props.distribution && (
        <IconButton
          name="graph-bar"
          size="md"
          variant={props.distribution.isOpen ? 'primary' : 'secondary'}
          aria-expanded={props.distribution.isOpen}
          tooltip={props.distribution.isOpen ? 'Hide the distribution' : 'Show the distribution'}
          onClick={props.distribution.onToggle}
        />
      )}
      {props.isUntitled && <span className={styles.space} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    height: HEIGHTS.header,
    padding: theme.spacing(0, 1),
    minWidth: 0,
    flexShrink: 0,
  }),
  untitled: css({ paddingRight: GRAFANA_MENU }),
  label: css({
    margin: 0,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightRegular,
    color: palette(theme).text.primary,
  }),
  choice: css({ minWidth: 120, maxWidth: 360, flexShrink: 1 }),
  notice: css({
    minWidth: 24,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  space: css({ flex: 1 }),
});
