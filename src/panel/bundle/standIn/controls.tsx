import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import React, { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import { palette } from '../../../shared/palette';
import { Icon } from './Icon';
import { useStyles2 } from './theme';

type NativeButton = Omit<ComponentPropsWithRef<'button'>, 'size'>;

interface ButtonProps extends NativeButton {
  size?: string;
  variant?: string;
  fill?: string;
  icon?: string;
}

export function Button({ size, variant, fill = 'solid', icon, className, children, ...native }: ButtonProps) {
  const styles = useStyles2(getStyles);
  const look = fill === 'text' ? styles.text : variant === 'secondary' ? styles.plain : styles.primary;
  return (
    <button type="button" {...native} className={cx(styles.button, size === 'sm' && styles.small, look, className)}>
      {icon && <Icon name={icon} size="sm" />}
      {children}
    </button>
  );
}

interface ToolbarButtonProps extends NativeButton {
  variant?: string;
  icon?: string;
  tooltip?: string;
  isOpen?: boolean;
}

export function ToolbarButton({ variant, icon, tooltip, isOpen, className, children, ...native }: ToolbarButtonProps) {
  const styles = useStyles2(getStyles);
  return (
    <button
      type="button"
      title={tooltip}
      {...native}
      className={cx(styles.button, styles.tool, variant === 'active' && styles.active, className)}
    >
      {icon && <Icon name={icon} />}
      {children}
      {isOpen !== undefined && <Icon name="angle-down" size="sm" />}
    </button>
  );
}

interface IconButtonProps extends NativeButton {
  name: string;
  size?: string;
  tooltip?: string;
}

export function IconButton({ name, size, tooltip, className, ...native }: IconButtonProps) {
  const styles = useStyles2(getStyles);
  return (
    <button type="button" title={tooltip} aria-label={tooltip} {...native} className={cx(styles.icon, className)}>
      <Icon name={name} {...(size && { size })} />
    </button>
  );
}

export function Input({
  prefix,
  suffix,
  width: _,
  invalid,
  className,
  ...native
}: Omit<ComponentPropsWithRef<'input'>, 'prefix' | 'width'> & {
  prefix?: ReactNode;
  suffix?: ReactNode;
  width?: number;
  invalid?: boolean;
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={cx(styles.field, className)}>
      {prefix}
      <input {...native} {...(invalid && { 'aria-invalid': true })} className={styles.input} />
      {suffix}
    </div>
  );
}

interface SwitchProps {
  label?: string;
  value?: boolean;
  onChange?: () => void;
}

export function InlineSwitch({ label, value = false, onChange }: SwitchProps) {
  const styles = useStyles2(getStyles);
  return (
    <label className={styles.switch}>
      <input type="checkbox" checked={value} onChange={onChange} /> {label}
    </label>
  );
}

interface ComboboxProps {
  options: ReadonlyArray<{ value: string; label?: string }>;
  value: string;
  onChange: (option: { value: string }) => void;
  'aria-label'?: string;
}

/** The browser's own list. */
export function Combobox({ options, value, onChange, ...named }: ComboboxProps) {
  const styles = useStyles2(getStyles);
  return (
    <select
      aria-label={named['aria-label']}
      className={styles.list}
      value={value}
      onChange={(event) => onChange({ value: event.currentTarget.value })}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label ?? option.value}
        </option>
      ))}
    </select>
  );
}

interface RadioProps<T> {
  options: ReadonlyArray<{ value: T; label: string }>;
  value: T;
  onChange: (value: T) => void;
  'aria-label'?: string;
}

export function RadioButtonGroup<T extends string>({ options, value, onChange, ...named }: RadioProps<T>) {
  const styles = useStyles2(getStyles);
  const group = useId();
  return (
    <div role="radiogroup" aria-label={named['aria-label']} className={styles.radios}>
      {options.map((option) => (
        <label key={option.value} className={styles.radio}>
          <input type="radio" name={group} checked={option.value === value} onChange={() => onChange(option.value)} />{' '}
          {option.label}
        </label>
      ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const { text, border, action, background } = palette(theme);
  const { primary } = theme.colors;
  const focus = { '&:focus-visible': { outline: `2px solid ${primary.border}`, outlineOffset: 1 } };
  return {
    button: css({
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      height: 32,
      padding: theme.spacing(0, 1),
      border: '1px solid transparent',
      borderRadius: theme.shape.radius.default,
      font: 'inherit',
      fontSize: theme.typography.bodySmall.fontSize,
      cursor: 'pointer',
      '&:disabled': { cursor: 'default', opacity: 0.5 },
      ...focus,
    }),
    small: css({ height: 24 }),
    text: css({ background: 'transparent', color: text.link, '&:hover': { background: action.hover } }),
    plain: css({ background: action.hover, color: text.primary, borderColor: border.weak }),
    primary: css({ background: primary.main, color: primary.contrastText }),
    tool: css({
      height: 28,
      background: background.primary,
      color: text.primary,
      borderColor: border.weak,
      '&:hover': { background: action.hover },
    }),
    active: css({ background: action.hover, borderColor: primary.border }),
    icon: css({
      display: 'inline-flex',
      alignItems: 'center',
      justifyContent: 'center',
      minWidth: 24,
      minHeight: 24,
      padding: 0,
      border: 0,
      borderRadius: theme.shape.radius.default,
      background: 'transparent',
      color: text.primary,
      cursor: 'pointer',
      '&:hover': { background: action.hover },
      '&:disabled': { opacity: 0.4, cursor: 'default' },
      ...focus,
    }),
    field: css({
      display: 'flex',
      flex: 1,
      alignItems: 'center',
      gap: theme.spacing(1),
      minWidth: 0,
      padding: theme.spacing(0, 1),
      border: `1px solid ${border.medium}`,
      borderRadius: theme.shape.radius.default,
      '&:focus-within': { outline: `2px solid ${primary.border}` },
    }),
    input: css({
      flex: 1,
      minWidth: 0,
      height: 30,
      border: 0,
      outline: 'none',
      background: 'transparent',
      color: text.primary,
      font: 'inherit',
    }),
    list: css({
      height: 30,
      border: `1px solid ${border.medium}`,
      borderRadius: theme.shape.radius.default,
      background: background.primary,
      color: text.primary,
      font: 'inherit',
    }),
    switch: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), cursor: 'pointer' }),
    radios: css({ display: 'inline-flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
    radio: css({
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      fontSize: theme.typography.bodySmall.fontSize,
    }),
  };
};
