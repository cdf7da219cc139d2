import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, IconButton, useStyles2 } from '@grafana/ui';
import React, { type RefObject, useState } from 'react';
import { escapeLine } from '../../../shared/escapeText';
import { palette } from '../../../shared/palette';
import { countText } from '../../text/countText';
import { formatSeconds } from '../../text/formatSeconds';
import type { Lane, Timeline } from './readTimeline';
import { laneHeight, Strip } from './Strip';
import { KIND_NAMES, slowestWords, turnWords } from './turnWords';
import { useTurnInView } from './useTurnInView';

interface TimelineViewProps {
  timeline: Timeline;
  /** The element that scrolls the conversation, and the row that it is of. */
  body: RefObject<HTMLElement | null>;
  row: string;
  /** The element with the bars, for the key that leads there. */
  strip: RefObject<HTMLDivElement | null>;
  active: number | undefined;
  onActive: (turn: number) => void;
  onGo: (turn: number) => void;
  isOpen: boolean;
  onToggle: () => void;
}

/** At this zoom a turn of a millisecond in one of an hour is some pixels wide. */
const MOST_ZOOM = 4_096;

/** Shows where the time of a rollout went, turn by turn and to scale, tied to the conversation below. */
export function TimelineView({
  timeline,
  body,
  row,
  strip,
  active,
  onActive,
  onGo,
  isOpen,
  onToggle,
}: TimelineViewProps) {
  const styles = useStyles2(getStyles);
  const [zoom, setZoom] = useState(1);
  const said = useTurnInView(body, row);
  const { bars, lanes, seconds, slowest, versions, notes, measure } = timeline;
  const slowestText = slowestWords(timeline);
  const [oldest, newest] = [versions[0], versions.at(-1)];
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <div className={styles.head}>
        <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={onToggle}>
          <Icon name={isOpen ? 'angle-down' : 'angle-right'} /> Timeline
        </button>
        <span className={styles.faint}>
          {[countText(bars.length, 'turn'), ...(seconds === undefined ? [] : [formatSeconds(seconds)])].join(' · ')}
        </span>
        {slowest !== undefined && slowestText !== undefined && (
          <Button size="sm" variant="secondary" tooltip="Goes there (w)" onClick={() => onGo(slowest)}>
            {slowestText}
          </Button>
        )}
        {oldest !== undefined && (
          <span className={cx(styles.badge, versions.length > 1 && styles.mixed)}>
            {versions.length === 1 ? (
              `policy ${oldest}`
            ) : (
              <>
                <Icon name="exchange-alt" size="sm" />
                {` ${versions.length} policies, ${oldest} to ${newest}`}
              </>
            )}
          </span>
        )}
        {isOpen && (
          <span className={styles.zoom}>
            <IconButton
              name="search-minus"
              tooltip="Shorter bars"
              disabled={zoom === 1}
              onClick={() => setZoom(zoom / 2)}
            />
            <IconButton
              name="search-plus"
              tooltip="Longer bars"
              disabled={zoom >= MOST_ZOOM || bars.length === 1}
              onClick={() => setZoom(zoom * 2)}
            />
          </span>
        )}
      </div>
      {isOpen && (
        <>
          <div className={styles.lanes}>
            <div className={styles.names}>
              {lanes.map((lane) => (
                <div
                  key={lane.kind}
                  className={styles.name}
                  style={{ height: laneHeight(lane) }}
                  title={laneText(lane)}
                >
                  {KIND_NAMES[lane.kind]} <span className={styles.faint}>{amountText(lane, measure)}</span>
                </div>
              ))}
            </div>
            <Strip
              timeline={timeline}
              active={active}
              said={said}
              zoom={zoom}
              strip={strip}
              onActive={onActive}
              onGo={onGo}
            />
          </div>
          <div className={styles.detail}>
            {active === undefined
              ? 'Point at a bar, or walk over the turns with the arrow keys; Enter goes to one.'
              : turnWords(timeline, active)}
          </div>
          {notes.length > 0 && (
            <details className={styles.notes} open={notes.length === 1}>
              <summary>{countText(notes.length, 'note')} on what is shown</summary>
              <ul>
                {notes.map((note) => (
                  <li key={note}>{escapeLine(note)}</li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

const amountText = ({ seconds, turns }: Lane, measure: Timeline['measure']) =>
  measure === 'milliseconds' ? (seconds === null ? 'no times' : formatSeconds(seconds)) : turns.toLocaleString('en');

const laneText = (lane: Lane) =>
  `${KIND_NAMES[lane.kind]}: ${countText(lane.turns, 'turn')}${lane.seconds === null ? '' : `, ${formatSeconds(lane.seconds)}`}`;

const getStyles = (theme: GrafanaTheme2) => {
  const { text, border, warning, action } = palette(theme);
  return {
    timeline: css({
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(0.5),
      padding: theme.spacing(0.5, 1.5, 0.75),
      borderBottom: `1px solid ${border.weak}`,
      fontSize: theme.typography.bodySmall.fontSize,
      fontVariantNumeric: 'tabular-nums',
    }),
    head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.5, 1.5) }),
    fold: css({
      padding: 0,
      minHeight: 24,
      border: 0,
      background: 'transparent',
      color: text.primary,
      fontWeight: theme.typography.fontWeightMedium,
      '&:hover': { background: action.hover },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    }),
    faint: css({ color: text.secondary }),
    badge: css({
      padding: theme.spacing(0, 0.75),
      border: `1px solid ${border.weak}`,
      borderRadius: theme.shape.radius.default,
      color: text.secondary,
    }),
    mixed: css({ color: warning.text, borderColor: warning.border }),
    zoom: css({ display: 'inline-flex', gap: theme.spacing(0.5), marginLeft: 'auto' }),
    lanes: css({ display: 'flex', gap: theme.spacing(1) }),
    names: css({ flex: 'none', maxWidth: '40%' }),
    name: css({ lineHeight: '14px', whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }),
    detail: css({ minHeight: 18, overflowWrap: 'anywhere' }),
    notes: css({
      color: text.secondary,
      maxHeight: 120,
      overflow: 'auto',
      '& ul': { margin: 0, paddingLeft: theme.spacing(2) },
      '& summary': { display: 'list-item', cursor: 'pointer' },
    }),
  };
};
