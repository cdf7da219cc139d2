import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Input, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, useState } from 'react';
import { palette } from '../../../shared/palette';
import type { TextSearch } from '../../text/compileSearch';

/** Typing is over when no key has come for so long, in milliseconds. */
const SETTLE = 250;

interface Props {
  search: TextSearch | undefined;
  onSearch: (search: TextSearch | undefined) => void;
}

/** A text to look for in all texts of the table, and how: whole words, a pattern, with case. */
export function SearchBox({ search, onSearch }: Props) {
  const styles = useStyles2(getStyles);
  const [typed, setTyped] = useState(search?.text ?? '');
  const [mode, setMode] = useState(search?.mode ?? 'plain');
  const [isExact, setExact] = useState(search?.case === true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // A link, Reset Table or another panel may change it, too; while someone types, the typing counts.
    if (timer.current === undefined) {
      setTyped(search?.text ?? '');
    }
    if (search) {
      setMode(search.mode);
      setExact(search.case === true);
    }
  }, [search]);

  const send = (text: string, how: TextSearch['mode'], withCase: boolean) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    onSearch(text === '' ? undefined : { text, mode: how, ...(withCase && { case: true }) });
  };
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(text, mode, isExact), SETTLE);
  };
  const choose = (how: TextSearch['mode'], withCase: boolean) => {
    setMode(how);
    setExact(withCase);
    if (typed !== '') {
      send(typed, how, withCase);
    }
  };
  const toggle = (text: string, label: string, isOn: boolean, onClick: () => void) => (
    <button
      type="button"
      className={cx(styles.toggle, isOn && styles.isOn)}
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {text}
    </button>
  );
  return (
    <search className={styles.box}>
      <Input
        className={styles.input}
        aria-label="Search all texts"
        placeholder="Search"
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            send(typed, mode, isExact);
          } else if (event.key === 'Escape' && typed !== '') {
            event.stopPropagation();
            setTyped('');
            send('', mode, isExact);
          }
        }}
        prefix={<Icon name="search" size="sm" />}
        suffix={
          <>
            {typed !== '' && toggle('×', 'Clear the search', false, () => type(''))}
            {toggle('Aa', 'Match case', isExact, () => choose(mode, !isExact))}
            {toggle('W', 'Whole words', mode === 'word', () => choose(mode === 'word' ? 'plain' : 'word', isExact))}
            {toggle('.*', 'Regular expression (RE2)', mode === 'regex', () =>
              choose(mode === 'regex' ? 'plain' : 'regex', isExact),
            )}
          </>
        }
      />
    </search>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ flex: '0 1 260px', minWidth: 170 }),
  input: css({
    height: 24,
    '& div': { height: 24 },
    '& input': { height: 24, fontSize: theme.typography.bodySmall.fontSize, paddingRight: 84 },
  }),
  toggle: css({
    minWidth: 20,
    height: 18,
    padding: theme.spacing(0, 0.25),
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: '18px',
    '&:hover': { background: palette(theme).action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  isOn: css({ color: theme.colors.primary.text, background: theme.colors.primary.transparent }),
});
