import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import { charCount } from '@rolloscope/contract/charCount';
import React, { useEffect } from 'react';
import { palette } from '../../../shared/palette';
import type { TableColumn } from '../../data/TableData';
import { countText } from '../../text/countText';
import type { Section } from '../transcript/readTranscript';
import { Outline } from './Outline';
import { OUTLINED } from './outlined';
import type { TurnBadge } from './PolicyChange';
import { TurnView } from './TurnView';
import { titleOf, turnId } from './turnTitle';
import type { DrawnTurns } from './useDrawnTurns';
import type { Folds } from './useFolds';

interface Props {
  sections: readonly Section[];
  columns: readonly TableColumn[];
  folds: Folds;
  drawn: DrawnTurns;
  /** The badges by turn, counted from 0 over all sections. */
  badges: ReadonlyMap<number, TurnBadge>;
  /** The number of tokens of the response, where per-token data is logged. */
  tokens?: number | undefined;
}

/** Shows what was said, turn by turn, under the columns that it was logged in. */
export function Conversation({ sections, columns, folds, drawn, badges, tokens }: Props) {
  const styles = useStyles2(getStyles);
  const count = sections.reduce((sum, { turns }) => sum + turns.length, 0);
  const { most, more, go, arrive } = drawn;
  useEffect(arrive);
  let before = 0;
  const shown = sections.map((section) => {
    const from = before;
    before += section.turns.length;
    return { section, from, turns: section.turns.slice(0, Math.max(0, most - from)) };
  });
  return (
    <div className={styles.conversation}>
      {count >= OUTLINED && <Outline sections={sections} onGo={go} />}
      {shown.map(({ section, from, turns }) => {
        const label = columns.find(({ role }) => role === section.of)?.label ?? section.of;
        return turns.length === 0 ? null : (
          <section key={section.of} aria-label={label}>
            <h3 className={styles.heading}>
              {label}
              <span className={styles.faint}>{sectionNote(section, section.of === 'prompt' ? undefined : tokens)}</span>
            </h3>
            {turns.map((turn, i) => {
              const id = turnId(from + i);
              return (
                <TurnView
                  key={id}
                  id={id}
                  turn={turn}
                  title={titleOf(section, turn)}
                  folds={folds}
                  badge={badges.get(from + i)}
                />
              );
            })}
          </section>
        );
      })}
      {count > most && (
        <Button size="sm" variant="secondary" onClick={more}>
          {`Show more turns (${most} of ${count})`}
        </Button>
      )}
    </div>
  );
}

function sectionNote({ text, template, turns }: Section, tokens: number | undefined): string {
  const how =
    template === undefined ? 'plain text' : template === 'messages' ? 'messages' : `${template}, read from the text`;
  return [
    how,
    ...(turns.length > 1 ? [countText(turns.length, 'turn')] : []),
    countText(charCount(text), 'character'),
    ...(tokens === undefined ? [] : [countText(tokens, 'token')]),
  ].join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  conversation: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5) }),
  heading: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 1),
    margin: theme.spacing(0, 0, 0.5),
    fontSize: theme.typography.body.fontSize,
    lineHeight: theme.typography.body.lineHeight,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  faint: css({
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightRegular,
  }),
});
