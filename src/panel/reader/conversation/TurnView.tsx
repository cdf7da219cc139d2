import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, type IconName, Tooltip, useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import React, { useState } from 'react';
import { palette } from '../../../shared/palette';
import { countText } from '../../text/countText';
import type { Doubt, Turn, TurnRole } from '../transcript/Turn';
import { Fold } from './Fold';
import { PartView } from './PartView';
import { badgeNotes, PolicyChange, type TurnBadge } from './PolicyChange';
import type { Folds } from './useFolds';

export const ROLE_NAMES: Record<TurnRole, string> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
  text: 'Text',
};

const ICONS: Record<TurnRole, IconName> = {
  system: 'cog',
  user: 'user',
  assistant: 'comment-alt',
  tool: 'plug',
  text: 'document-info',
};

const DOUBTS: Record<Doubt, readonly [label: string, why: string]> = {
  inResponse: [
    'in the response',
    'This turn begins inside the response, so the model can have written it itself. Logged messages or a token mask would tell.',
  ],
  guessed: ['guessed', 'The text names speakers by bare words, which any text can hold.'],
  outside: ['outside of a turn', 'The template has no turn here: this stands behind the end of one, or between two.'],
  lateSystem: ['late', 'A system turn after others is unusual: somebody may have written its control tokens.'],
};

interface Props {
  turn: Turn;
  /** The turn's name where its role alone says too little, as for a plain prompt. */
  title: string;
  id: string;
  folds: Folds;
  badge?: TurnBadge | undefined;
}

/** Parts drawn at once; a turn that is nothing but tags can have thousands. */
const PARTS = 100;
/** Longer ones begin folded: a system turn is mostly the same in every row. */
const LONG: Partial<Record<TurnRole, number>> = { system: 200, tool: 600 };

/** Shows who speaks, what is said, and what is doubtful about it. */
export function TurnView({ turn, title, id, folds, badge }: Props) {
  const styles = useStyles2(getStyles);
  const { role, name, parts, text, doubts, strayTokens } = turn;
  const [most, setMost] = useState(PARTS);
  const isLong = text.length > (LONG[role] ?? Number.POSITIVE_INFINITY);
  const isOpen = folds.isOpen(id, !isLong);
  // A response that is nothing but thinking is read at once.
  const isAllThinking = parts.every(({ kind, text: inner }) => kind === 'think' || inner.trim() === '');
  const aside = (doubts.length > 0 || strayTokens > 0) && (
    <div className={styles.doubts}>
      {doubts.map((doubt) => (
        <Tooltip key={doubt} content={DOUBTS[doubt][1]}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip explains it, to keyboards too */}
          <span className={styles.doubt} tabIndex={0}>
            <Icon name="exclamation-triangle" size="sm" /> {DOUBTS[doubt][0]}
          </span>
        </Tooltip>
      ))}
      {strayTokens > 0 && (
        <Tooltip content="Control tokens within what was said are shown as they stand, and structure nothing.">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip explains it, to keyboards too */}
          <span className={styles.doubt} tabIndex={0}>
            <Icon name="brackets-curly" size="sm" /> {countText(strayTokens, 'control token')} in the text
          </span>
        </Tooltip>
      )}
    </div>
  );
  return (
    <article
      id={id}
      className={cx(styles.turn, styles[role])}
      aria-label={name ? `${title}: ${name}` : title}
      tabIndex={-1}
    >
      <Fold
        title={
          <span className={styles.title}>
            <Icon name={ICONS[role]} />
            {title}
            {name !== undefined && <span className={styles.name}>{name.slice(0, 80)}</span>}
          </span>
        }
        notes={[countText(charCount(text), 'character'), ...badgeNotes(badge)].join(' · ')}
        preview={text}
        isOpen={isOpen}
        onToggle={() => folds.toggle(id, isOpen)}
        aside={
          <>
            {badge?.policyBefore !== undefined && <PolicyChange badge={badge} />}
            {aside}
          </>
        }
      >
        {parts.slice(0, most).map((part, i) => {
          const key = `${id}-${i}`;
          const isShown = part.kind === 'think' ? folds.isThinkingOpen(key, isAllThinking) : folds.isOpen(key, true);
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a turn never move
          return <PartView key={i} part={part} isOpen={isShown} onToggle={() => folds.toggle(key, isShown)} />;
        })}
        {parts.length > most && (
          <Button size="sm" variant="secondary" onClick={() => setMost(most + PARTS)}>
            {`Show more parts (${most} of ${parts.length})`}
          </Button>
        )}
        {parts.length === 0 && <em className={styles.empty}>Nothing said</em>}
      </Fold>
    </article>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const hue = (name: string) => css({ borderLeftColor: theme.visualization.getColorByName(name) });
  return {
    turn: css({
      borderLeft: '3px solid',
      borderLeftColor: palette(theme).border.weak,
      padding: theme.spacing(0.25, 0, 0.5, 1),
      outline: 'none',
      scrollMarginTop: theme.spacing(1),
      '&:focus-visible': { background: palette(theme).action.hover },
      // A line, no ground: texts of every colour keep their contrast. Grafana takes an outline from what has the focus.
      '&[data-marked]': { background: 'none', boxShadow: `inset 0 0 0 2px ${theme.colors.primary.border}` },
    }),
    system: hue('gray'),
    user: hue('blue'),
    assistant: hue('green'),
    tool: hue('orange'),
    text: css({}),
    title: css({ display: 'inline-flex', alignItems: 'center', verticalAlign: 'bottom', gap: theme.spacing(0.5) }),
    name: css({
      fontFamily: theme.typography.fontFamilyMonospace,
      fontWeight: theme.typography.fontWeightRegular,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    }),
    empty: css({ color: palette(theme).text.secondary }),
    doubts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 1) }),
    doubt: css({
      color: palette(theme).warning.text,
      fontSize: theme.typography.bodySmall.fontSize,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    }),
  };
};
