import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import React, { type ReactNode, useId, useState } from 'react';
import { createPortal } from 'react-dom';
import { palette } from '../../../shared/palette';
import { Button } from './controls';
import { Icon } from './Icon';
import { useStyles2 } from './theme';

interface AlertProps {
  title: string;
  severity?: string;
  buttonContent?: string;
  onRemove?: () => void;
  children?: ReactNode;
}

export function Alert({ title, severity = 'error', buttonContent, onRemove, children }: AlertProps) {
  const styles = useStyles2(getStyles);
  return (
    <div role={severity === 'error' ? 'alert' : 'status'} className={styles.alert}>
      <strong>{title}</strong>
      <div>{children}</div>
      {onRemove && (
        <Button size="sm" variant="secondary" onClick={onRemove}>
          {buttonContent ?? 'Close'}
        </Button>
      )}
    </div>
  );
}

export function Badge({ text, icon, tooltip }: { text: ReactNode; icon?: string; color?: string; tooltip?: string }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.badge} title={tooltip}>
      {icon && <Icon name={icon} size="sm" />} {text}
    </span>
  );
}

export const LoadingPlaceholder = ({ text }: { text: ReactNode }) => <p>{text}</p>;

export const Spinner = () => <span aria-hidden="true">…</span>;

export const Portal = ({ children }: { children: ReactNode }) => createPortal(children, document.body);

/** Shows while its child is pointed at or has the focus. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const [isShown, show] = useState(false);
  const id = useId();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what it holds is pointed at, and has the focus
    <span
      className={styles.held}
      onMouseEnter={() => show(true)}
      onMouseLeave={() => show(false)}
      onFocus={() => show(true)}
      onBlur={() => show(false)}
    >
      {children}
      {isShown && (
        <span role="tooltip" id={id} className={styles.tip}>
          {content}
        </span>
      )}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  alert: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    padding: theme.spacing(1),
    border: `1px solid ${palette(theme).border.medium}`,
    borderLeft: `4px solid ${theme.colors.warning.border}`,
    borderRadius: theme.shape.radius.default,
  }),
  badge: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    color: theme.colors.warning.text,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  held: css({ position: 'relative', display: 'inline-block' }),
  tip: css({
    position: 'absolute',
    top: '100%',
    left: 0,
    zIndex: theme.zIndex.tooltip,
    width: 'max-content',
    maxWidth: 320,
    padding: theme.spacing(0.5, 1),
    border: `1px solid ${palette(theme).border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: palette(theme).background.secondary,
    color: palette(theme).text.primary,
    whiteSpace: 'normal',
  }),
});
