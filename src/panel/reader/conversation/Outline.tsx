import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { countText } from '../../text/countText';
import type { Section } from '../transcript/readTranscript';
import type { Turn } from '../transcript/Turn';
import { Fold } from './Fold';
import { titleOf } from './turnTitle';

interface Props {
  sections: readonly Section[];
  onGo: (turn: number) => void;
}

/** Turns listed; those behind them are reached by the reader's keys. */
const LISTED = 1_000;

/** All turns in one list, to jump to. */
export function Outline({ sections, onGo }: Props) {
  const styles = useStyles2(getStyles);
  const turns = sections.flatMap((section) => section.turns.map((turn) => ({ section, turn })));
  const [isOpen, setOpen] = useState(turns.length <= 12);
  return (
    <nav aria-label="Turns">
      <Fold title="Outline" notes={countText(turns.length, 'turn')} isOpen={isOpen} onToggle={() => setOpen(!isOpen)}>
        <ol className={styles.list}>
          {turns.slice(0, LISTED).map(({ section, turn }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the turns of a row never move
            <li key={i}>
              <button type="button" className={styles.link} onClick={() => onGo(i)}>
                <span className={styles.number}>{i + 1}</span>
                {titleOf(section, turn)}
                <span className={styles.faint}>{gist(turn)}</span>
              </button>
            </li>
          ))}
        </ol>
      </Fold>
    </nav>
  );
}

function gist({ parts, name, text }: Turn): string {
  const said = parts.find((part) => part.kind === 'text' && part.text.trim() !== '')?.text ?? text;
  const calls = parts.filter(({ kind }) => kind === 'call').length;
  return [
    ...(name === undefined ? [] : [name]),
    ...(parts.some(({ kind }) => kind === 'think') ? ['thinks'] : []),
    ...(calls > 0 ? [countText(calls, 'tool call')] : []),
    escapeLine(said.trim().slice(0, 80)),
  ]
    .filter((one) => one !== '')
    .join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    margin: 0,
    padding: 0,
    listStyle: 'none',
    maxHeight: 260,
    overflow: 'auto',
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  link: css({
    display: 'flex',
    gap: theme.spacing(1),
    width: '100%',
    minHeight: 24,
    alignItems: 'center',
    padding: theme.spacing(0, 1),
    border: 0,
    background: 'transparent',
    color: palette(theme).text.primary,
    textAlign: 'left',
    whiteSpace: 'nowrap',
    '&:hover': { background: palette(theme).action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  number: css({
    minWidth: '2.5em',
    textAlign: 'right',
    color: palette(theme).text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
  faint: css({
    color: palette(theme).text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    unicodeBidi: 'isolate',
  }),
});
