import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, LoadingPlaceholder, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { palette } from '../../shared/palette';
import type { TableColumn, TableData } from '../data/TableData';
import { useLoaded } from '../data/useLoaded';
import { readRow } from '../reader/row/readRow';
import type { Turn } from '../reader/transcript/Turn';
import { formatNumber } from '../text/formatNumber';
import { readableText } from '../text/readableText';
import { DiffText } from './DiffText';
import { diffStyles } from './diffStyles';
import type { Side } from './readSamples';
import { TurnDiff } from './TurnDiff';
import { type TextDiff as Diff, wordDiff } from './wordDiff';

interface Props {
  data: TableData;
  columns: readonly TableColumn[];
  first: Side;
  second: Side;
}

const LAYOUTS = [
  { value: 'inline', label: 'Inline' },
  { value: 'sides', label: 'Side by side' },
];
const BY_TURN = { value: 'turns', label: 'By turn' };
/** Conversations of fewer turns are a question and an answer, which words tell apart best. */
const SEVERAL = 3;

const NOTES: Record<Diff['by'], string> = {
  word: '',
  line: 'compared line by line: the texts are long or differ a lot',
  whole: 'shown whole: the texts are too long or too different to compare',
};

/** Two rollouts: turn by turn where they have several, or their responses word by word: a wavy line is below what only the first has, a straight one below what the second has. */
export function TextDiff({ data, columns, first, second }: Props) {
  const styles = useStyles2(getStyles);
  const marks = useStyles2(diffStyles);
  const [chosen, choose] = useState<string>();
  const pair = `${first.rowId} ${second.rowId}`;
  const texts = useLoaded(pair, (signal) =>
    Promise.all([first, second].map((side) => loadRollout(data, columns, side, signal))),
  );
  const [one, other] = (texts.value ?? []).map(({ response }) => response);
  const [turns, otherTurns] = (texts.value ?? []).map((rollout) => rollout.turns);
  const hasTurns =
    turns !== undefined && otherTurns !== undefined && Math.min(turns.length, otherTurns.length) >= SEVERAL;
  const layout = chosen === BY_TURN.value && !hasTurns ? 'inline' : (chosen ?? (hasTurns ? BY_TURN.value : 'inline'));
  const diff = useMemo(
    () => (one !== undefined && other !== undefined ? wordDiff(one, other) : undefined),
    [one, other],
  );
  const isCut = [first, second].some(({ rowId }) =>
    columns.some(({ name, role }) => role === 'response' && data.cutIn?.(rowId)?.has(name)),
  );
  const title = ({ name, reward }: Side) => `${name} (${reward === undefined ? 'no reward' : formatNumber(reward)})`;
  return (
    <section aria-label="Comparison of two responses">
      <div className={styles.line}>
        <h4 className={styles.title}>
          <del className={marks.gone}>{title(first)}</del> against <ins className={marks.new}>{title(second)}</ins>
        </h4>
        {isCut && <span className={styles.note}>only the beginnings, which is what is here</span>}
        {diff && layout !== BY_TURN.value && NOTES[diff.by] && <span className={styles.note}>{NOTES[diff.by]}</span>}
        <RadioButtonGroup
          size="sm"
          options={hasTurns ? [BY_TURN, ...LAYOUTS] : LAYOUTS}
          value={layout}
          onChange={choose}
          aria-label="Layout"
        />
      </div>
      {texts.fault !== undefined && (
        <Alert title="The responses could not be read" severity="error" buttonContent="Retry" onRemove={texts.retry}>
          {texts.fault}
        </Alert>
      )}
      {!diff && texts.isLoading && <LoadingPlaceholder text="Loading both responses…" />}
      {diff && one === other && <p className={styles.note}>Both responses are the same, to the character.</p>}
      {layout === BY_TURN.value && turns && otherTurns && (
        <TurnDiff key={pair} first={turns} second={otherTurns} titles={[title(first), title(second)]} />
      )}
      {diff &&
        layout !== BY_TURN.value &&
        (layout === 'inline' ? (
          <DiffText key={pair} parts={diff.parts} label="Both responses" />
        ) : (
          <div key={pair} className={styles.sides}>
            <DiffText parts={diff.parts.filter(({ kind }) => kind !== 'new')} label={`Response ${title(first)}`} />
            <DiffText parts={diff.parts.filter(({ kind }) => kind !== 'gone')} label={`Response ${title(second)}`} />
          </div>
        ))}
    </section>
  );
}

interface Rollout {
  response: string;
  turns: readonly Turn[];
}

async function loadRollout(
  data: TableData,
  columns: readonly TableColumn[],
  { page, row }: Side,
  signal: AbortSignal,
): Promise<Rollout> {
  const named = (role: TableColumn['role']) => columns.find((column) => column.role === role)?.name;
  const cells = await data.loadRow(page, row, signal);
  return {
    response: readableText(cells.get(named('response') ?? named('messages') ?? ''), 2),
    turns: readRow(cells, columns).flatMap((section) => section.turns),
  };
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: theme.spacing(1), marginBottom: 4 }),
  title: css({ flex: 1, margin: 0, whiteSpace: 'nowrap', fontSize: theme.typography.body.fontSize }),
  note: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  sides: css({ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: theme.spacing(1) }),
});
