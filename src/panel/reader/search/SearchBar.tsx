import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, Input, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent } from 'react';
import { palette } from '../../../shared/palette';
import { useFocused } from './useFocused';
import type { HitSearch } from './useTextSearch';

interface Props {
  text: string;
  search: HitSearch;
  /** The viewer asked for it, and types next. */
  hasFocus: boolean;
  onChange: (text: string) => void;
  onClose: () => void;
}

/** Searches what the reader shows. Enter goes to the next hit, with Shift to the previous one; Escape ends it. */
export function SearchBar({ text, search, hasFocus, onChange, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      search.go(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };
  const focused = useFocused();
  const { count, current, isMore } = search;
  const hits =
    text === ''
      ? ''
      : count === 0
        ? 'no hits'
        : `${current + 1} of ${count.toLocaleString('en')}${isMore ? ' or more' : ''}`;
  return (
    <search className={styles.bar}>
      <Input
        ref={hasFocus ? focused : null}
        value={text}
        placeholder="Search in this row"
        aria-label="Search in this row"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.hits} role="status">
        {hits}
      </span>
      <IconButton
        name="angle-up"
        tooltip="Previous hit (Shift+Enter)"
        disabled={count === 0}
        onClick={() => search.go(-1)}
      />
      <IconButton name="angle-down" tooltip="Next hit (Enter)" disabled={count === 0} onClick={() => search.go(1)} />
      <IconButton name="times" tooltip="End the search (Escape)" onClick={onClose} />
    </search>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), padding: theme.spacing(0, 1.5, 1) }),
  hits: css({
    whiteSpace: 'nowrap',
    color: palette(theme).text.secondary,
    fontVariantNumeric: 'tabular-nums',
    minWidth: 72,
    textAlign: 'right',
  }),
});
