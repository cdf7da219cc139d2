import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import React, {
  cloneElement,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { palette } from '../../../shared/palette';
import { useStyles2 } from './theme';

interface DropdownProps {
  overlay: ReactElement;
  placement?: string;
  children: ReactElement<{ onClick?: () => void; 'aria-expanded'?: boolean; 'aria-haspopup'?: 'menu' }>;
}

/** A button with a menu below it. */
export function Dropdown({ overlay, placement, children }: DropdownProps) {
  const styles = useStyles2(getStyles);
  const [isOpen, setOpen] = useState(false);
  const holder = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isOpen) {
      return undefined;
    }
    holder.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const onPointer = (event: PointerEvent) => {
      if (!(event.target instanceof Node && holder.current?.contains(event.target))) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    holder.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isOpen && event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu within come by here
    <span ref={holder} className={styles.holder} onKeyDown={onKeyDown}>
      {cloneElement(children, {
        onClick: () => setOpen(!isOpen),
        'aria-expanded': isOpen,
        'aria-haspopup': 'menu',
      })}
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: items are buttons
        <div className={placement?.endsWith('end') ? styles.end : styles.start} onClick={close}>
          {overlay}
        </div>
      )}
    </span>
  );
}

function MenuList({ children }: { children: ReactNode }) {
  const styles = useStyles2(getStyles);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const at = items.findIndex((item) => item.matches(':focus'));
      items[(at + by + items.length) % items.length]?.focus();
    }
  };
  return (
    <div role="menu" tabIndex={-1} className={styles.menu} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

interface ItemProps {
  label: string;
  description?: string;
  disabled?: boolean;
  onClick?: () => void;
}

function Item({ label, description, disabled, onClick }: ItemProps) {
  const styles = useStyles2(getStyles);
  return (
    <button type="button" role="menuitem" disabled={disabled} className={styles.item} onClick={onClick}>
      {label}
      {description !== undefined && <span className={styles.faint}>{description}</span>}
    </button>
  );
}

const Divider = () => <hr />;

export const Menu = Object.assign(MenuList, { Item, Divider });

const getStyles = (theme: GrafanaTheme2) => {
  const place = { position: 'absolute', top: '100%', zIndex: theme.zIndex.dropdown } as const;
  return {
    holder: css({ position: 'relative', display: 'inline-block' }),
    start: css({ ...place, left: 0 }),
    end: css({ ...place, right: 0 }),
    menu: css({
      minWidth: 180,
      padding: theme.spacing(0.5),
      border: `1px solid ${palette(theme).border.medium}`,
      borderRadius: theme.shape.radius.default,
      background: palette(theme).background.primary,
      boxShadow: theme.shadows.z3,
      '& hr': { margin: theme.spacing(0.5, 0), border: 0, borderTop: `1px solid ${palette(theme).border.weak}` },
    }),
    item: css({
      display: 'flex',
      flexDirection: 'column',
      width: '100%',
      padding: theme.spacing(0.5, 1),
      border: 0,
      background: 'transparent',
      color: palette(theme).text.primary,
      font: 'inherit',
      textAlign: 'left',
      cursor: 'pointer',
      '&:hover, &:focus-visible': { background: palette(theme).action.hover },
    }),
    faint: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  };
};
