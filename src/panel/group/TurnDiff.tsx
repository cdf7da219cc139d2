import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';
import { palette } from '../../shared/palette';
import { ROLE_NAMES } from '../reader/conversation/TurnView';
import type { Turn } from '../reader/transcript/Turn';
import { countText } from '../text/countText';
import { alignTurns, type TurnPair } from './alignTurns';
import { PairText } from './PairText';
import { substanceOf } from './substanceOf';
import { wordDiff } from './wordDiff';

interface Props {
  first: readonly Turn[];
  second: readonly Turn[];
  titles: readonly [first: string, second: string];
}

/** Pairs that are drawn at first, and with each request for more. */
const PAIRS = 60;
/** Pairs that show before those that part. */
const BEFORE = 1;

/** Two rollouts turn by turn: where they part is marked and in view, what they share before that is folded. */
export function TurnDiff({ first, second, titles }: Props) {
  const styles = useStyles2(getStyles);
  const { pairs, parting } = useMemo(
    () => alignTurns(first.map(substanceOf), second.map(substanceOf)),
    [first, second],
  );
  const [isOpen, setOpen] = useState(false);
  const [most, setMost] = useState(PAIRS);
  const from = isOpen ? 0 : Math.max(0, (parting ?? pairs.length) - BEFORE);
  const apart = parting === undefined ? undefined : pairs[parting];
  const diff = useMemo(() => {
    const [one, other] = [first[apart?.first ?? -1], second[apart?.second ?? -1]];
    return one && other && wordDiff(textOf(one), textOf(other)).parts;
  }, [first, second, apart]);
  const reveal = useCallback((element: HTMLElement | null) => {
    const scroller = element?.parentElement;
    if (element && scroller) {
      scroller.scrollTop = element.offsetTop - scroller.clientHeight / 4;
    }
  }, []);
  const side = (pair: TurnPair, which: 'first' | 'second') => {
    const turn = (which === 'first' ? first : second)[pair[which] ?? -1];
    const parts =
      pair === apart && diff
        ? diff.filter(({ kind }) => kind !== (which === 'first' ? 'new' : 'gone'))
        : turn && [{ text: textOf(turn), kind: 'same' as const }];
    return (
      <div className={cx(styles.side, !turn && styles.none)}>
        {turn && parts ? (
          <>
            <div className={styles.name}>
              {`${(pair[which] ?? 0) + 1} ${ROLE_NAMES[turn.role]}`}
              <span className={styles.faint}>{thought(turn)}</span>
            </div>
            <PairText parts={parts} />
          </>
        ) : (
          <span className={styles.faint}>–</span>
        )}
      </div>
    );
  };
  return (
    <div>
      <p className={styles.verdict} role="status">
        {apart
          ? `They part at turn ${(apart.first ?? apart.second ?? 0) + 1}: ${apart.why ?? 'they differ'}.`
          : 'They never part: tools, arguments, results and answers are the same.'}
      </p>
      <div className={styles.heads}>
        <strong>{titles[0]}</strong>
        <strong>{titles[1]}</strong>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.pairs} aria-label="Both rollouts, turn by turn" tabIndex={0}>
        {from > 0 && (
          <Button size="sm" variant="secondary" fill="outline" onClick={() => setOpen(true)}>
            {`Show ${countText(from, 'equal turn')} before`}
          </Button>
        )}
        {pairs.slice(from, from + most).map((pair) => (
          <div
            key={`${pair.first} ${pair.second}`}
            ref={pair === apart ? reveal : undefined}
            data-parting={pair === apart ? '' : undefined}
            className={cx(styles.pair, pair === apart && styles.parting)}
          >
            {pair.why !== undefined && (
              <div className={cx(styles.why, pair === apart && styles.here)}>
                {pair === apart && <Icon name="code-branch" size="sm" />}
                {pair === apart ? ` Here they part: ${pair.why}` : pair.why}
              </div>
            )}
            <div className={styles.sides}>
              {side(pair, 'first')}
              {side(pair, 'second')}
            </div>
          </div>
        ))}
        {pairs.length > from + most && (
          <Button size="sm" variant="secondary" onClick={() => setMost(most + PAIRS)}>
            {`Show more turns (${(from + most).toLocaleString('en')} of ${pairs.length.toLocaleString('en')})`}
          </Button>
        )}
      </section>
    </div>
  );
}

/** Returns what is compared of a turn, as a text: what was said, called and answered. */
function textOf({ parts }: Turn): string {
  return parts
    .filter(({ kind }) => kind !== 'think')
    .map(({ kind, name, text }) => (kind === 'call' ? `${name ?? 'tool'} ${text}` : text))
    .join('\n');
}

function thought({ parts }: Turn): string {
  const characters = parts.filter(({ kind }) => kind === 'think').reduce((sum, { text }) => sum + text.length, 0);
  return characters === 0 ? '' : ` thinks, ${countText(characters, 'character')}`;
}

const getStyles = (theme: GrafanaTheme2) => {
  const { text, border, background, warning } = palette(theme);
  return {
    verdict: css({ margin: theme.spacing(0, 0, 0.5), fontWeight: theme.typography.fontWeightMedium }),
    heads: css({ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: theme.spacing(1), paddingRight: 12 }),
    pairs: css({
      position: 'relative',
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(0.5),
      maxHeight: 560,
      overflow: 'auto',
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    pair: css({ borderLeft: `3px solid ${border.weak}`, paddingLeft: theme.spacing(0.5) }),
    parting: css({ borderLeftColor: warning.border, boxShadow: `inset 0 0 0 1px ${warning.border}` }),
    sides: css({ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: theme.spacing(1) }),
    side: css({ minWidth: 0, padding: theme.spacing(0.5), background: background.secondary, borderRadius: 2 }),
    none: css({ background: 'transparent', textAlign: 'center' }),
    name: css({ fontWeight: theme.typography.fontWeightMedium }),
    faint: css({ color: text.secondary, fontWeight: theme.typography.fontWeightRegular }),
    why: css({ padding: theme.spacing(0.25, 0.5), color: text.secondary }),
    here: css({ color: warning.text, fontWeight: theme.typography.fontWeightMedium }),
  };
};
