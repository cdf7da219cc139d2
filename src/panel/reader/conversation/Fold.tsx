import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { type ReactNode, useId } from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';

interface Props {
  title: ReactNode;
  notes: string;
  isWarned?: boolean;
  /** Its beginning shows while folded. */
  preview?: string | undefined;
  isOpen: boolean;
  onToggle: () => void;
  /** Shows under the heading, folded or not. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A heading that folds what is under it. What is folded is not drawn. */
export function Fold({ title, notes, isWarned, preview, isOpen, onToggle, aside, className, children }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <div className={className}>
      <button type="button" className={styles.head} aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
        <Icon name={isOpen ? 'angle-down' : 'angle-right'} />
        <span className={styles.title}>{title}</span>
        <span className={cx(styles.notes, isWarned && styles.warned)}>{notes}</span>
        {!isOpen && preview !== undefined && (
          <span className={styles.preview}>{escapeLine(preview.trim().slice(0, 200))}</span>
        )}
      </button>
      {aside}
      <div id={id}>{isOpen && children}</div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    width: '100%',
    minHeight: 28,
    padding: 0,
    border: 0,
    background: 'transparent',
    color: palette(theme).text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    textAlign: 'left',
    whiteSpace: 'nowrap',
    '&:hover': { background: palette(theme).action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  notes: css({ color: palette(theme).text.secondary }),
  warned: css({ color: palette(theme).warning.text }),
  preview: css({
    flex: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: palette(theme).text.secondary,
    fontStyle: 'italic',
    unicodeBidi: 'isolate',
  }),
});
