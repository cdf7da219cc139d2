import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Dropdown, IconButton, Menu, ToolbarButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { AlertButton } from '../alerts/AlertButton';
import type { RunAlerts } from '../alerts/useRunAlerts';
import { type ReaderAction, withKey } from './keys';
import { COPY_FORMATS, type CopyFormat } from './row/copyRow';

interface Props {
  title: string;
  subtitle: string;
  can: { previous: boolean; next: boolean; tokens: boolean; group: boolean; copy: boolean; save: boolean };
  is: { raw: boolean; tokens: boolean; full: boolean; group: boolean; help: boolean; thinking: boolean };
  /** The way to alert rules about the run of the row; undefined where there is none. */
  watch: { alerts: RunAlerts; run: string } | undefined;
  onAction: (action: ReaderAction) => void;
  onCopy: (format: CopyFormat) => void;
}

/** Shows which row is read, and every action of the reader as a button. */
export function ReaderHeader({ title, subtitle, can, is, watch, onAction, onCopy }: Props) {
  const styles = useStyles2(getStyles);
  const copyMenu = (
    <Menu>
      <Menu.Item
        label="Copy finding"
        description="Excerpt, reward, step and a link"
        onClick={() => onAction('finding')}
      />
      {can.save && (
        <Menu.Item
          label="Save as HTML…"
          description="One file that opens anywhere, also offline"
          onClick={() => onAction('save')}
        />
      )}
      <Menu.Divider />
      {(Object.keys(COPY_FORMATS) as CopyFormat[]).map((format) => (
        <Menu.Item key={format} label={COPY_FORMATS[format]} onClick={() => onCopy(format)} />
      ))}
    </Menu>
  );
  const button = (action: ReaderAction, text: string, isActive?: boolean) => (
    <ToolbarButton
      variant={isActive ? 'active' : 'canvas'}
      tooltip={withKey(action)}
      aria-pressed={isActive}
      onClick={() => onAction(action)}
    >
      {text}
    </ToolbarButton>
  );
  return (
    <div className={styles.header}>
      <div className={styles.line}>
        <IconButton
          name="angle-up"
          size="xl"
          tooltip={withKey('previous')}
          disabled={!can.previous}
          onClick={() => onAction('previous')}
        />
        <IconButton
          name="angle-down"
          size="xl"
          tooltip={withKey('next')}
          disabled={!can.next}
          onClick={() => onAction('next')}
        />
        {/* The focus stays where it is when another row is read. */}
        <h2 className={styles.title} aria-live="polite">
          {title} <span className={styles.subtitle}>{subtitle}</span>
        </h2>
        <IconButton
          name="arrows-h"
          size="lg"
          tooltip={withKey('full', is.full ? 'Leave full screen' : 'Full screen')}
          onClick={() => onAction('full')}
        />
        <IconButton
          name="keyboard"
          size="lg"
          tooltip={withKey('help')}
          aria-pressed={is.help}
          onClick={() => onAction('help')}
        />
        <IconButton name="times" size="xl" tooltip={withKey('close')} onClick={() => onAction('close')} />
      </div>
      <div className={styles.actions}>
        {button('raw', 'Raw', is.raw)}
        {can.tokens && button('tokens', 'Tokens', is.tokens)}
        {!is.raw && !is.tokens && button('thinking', 'Thinking', is.thinking)}
        {can.group && button('group', 'Group', is.group)}
        <ToolbarButton variant="canvas" icon="search" tooltip={withKey('search')} onClick={() => onAction('search')}>
          Search
        </ToolbarButton>
        {can.copy && (
          <Dropdown overlay={copyMenu} placement="bottom-end">
            <ToolbarButton variant="canvas" icon="copy" isOpen={false} aria-label="Copy">
              Copy
            </ToolbarButton>
          </Dropdown>
        )}
        {watch && <AlertButton {...watch} />}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({ padding: theme.spacing(1, 1.5), borderBottom: `1px solid ${palette(theme).border.weak}` }),
  line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), minWidth: 0 }),
  title: css({
    flex: 1,
    minWidth: 0,
    margin: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: theme.typography.h5.fontSize,
  }),
  subtitle: css({
    color: palette(theme).text.secondary,
    fontWeight: theme.typography.fontWeightRegular,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  actions: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), marginTop: theme.spacing(0.5) }),
});
