import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { TurnKind } from '@rolloscope/contract/names';
import React, { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useMemo, useState } from 'react';
import { palette } from '../../../shared/palette';
import { usePixels } from '../../../shared/usePixels';
import { layBlocks, turnAt } from './layBlocks';
import type { Lane, Timeline } from './readTimeline';
import { turnWords } from './turnWords';

interface Props {
  timeline: Timeline;
  /** The turn that one looks at. */
  active: number | undefined;
  /** The turn of the conversation that is read. */
  said: number | undefined;
  zoom: number;
  strip: RefObject<HTMLDivElement | null>;
  onActive: (turn: number) => void;
  onGo: (turn: number) => void;
}

/** Pixels of a line, and between two lanes. */
const LINE = 12;
const LANE_GAP = 4;
/** Pixels that are drawn beyond what shows, so that a scroll finds something. */
const MARGIN = 200;
/** Turns that Page Up and Page Down go over. */
const STRIDE = 10;

export const laneHeight = ({ lines }: Lane) => lines * LINE + LANE_GAP;

/** The bars, a lane for each kind: a slider whose arrow keys walk over the turns; Enter, or a click, goes to one. */
export function Strip({ timeline, active, said, zoom, strip, onActive, onGo }: Props) {
  const styles = useStyles2(getStyles);
  const width = usePixels(strip, 'clientWidth');
  const [left, setLeft] = useState(0);
  const { bars, lanes, length, cuts } = timeline;
  const whole = width * zoom;
  const scale = length > 0 ? whole / length : 0;
  const blocks = useMemo(
    () => layBlocks(timeline, whole, left - MARGIN, left + width + MARGIN),
    [timeline, whole, left, width],
  );
  const tops = new Map<TurnKind, number>();
  let height = 0;
  for (const lane of lanes) {
    tops.set(lane.kind, height);
    height += laneHeight(lane);
  }
  const marks = useMemo(() => marksOf(timeline, said), [timeline, said]);

  const looked = active === undefined ? undefined : bars[active];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn that is walked to comes into view, no other thing moves it
  useEffect(() => {
    const scroller = strip.current;
    if (scroller && looked && zoom > 1) {
      const middle = ((looked.from + looked.to) / 2) * scale;
      if (middle < scroller.scrollLeft || middle > scroller.scrollLeft + width) {
        scroller.scrollLeft = middle - width / 2;
      }
    }
  }, [looked, zoom, width]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = active ?? -1;
    const last = bars.length - 1;
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      PageDown: at + STRIDE,
      PageUp: at - STRIDE,
      Home: 0,
      End: last,
    }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (to !== undefined) {
      onActive(Math.max(0, Math.min(to, last)));
    } else if (event.key === 'Enter' || event.key === ' ') {
      onGo(Math.max(0, at));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const turnUnder = ({ clientX, clientY }: MouseEvent): number | undefined => {
    const box = strip.current?.getBoundingClientRect();
    if (!box || !strip.current || scale === 0) {
      return undefined;
    }
    const y = clientY - box.top;
    const lane = lanes.find((one) => y < (tops.get(one.kind) ?? 0) + laneHeight(one)) ?? lanes.at(-1);
    return lane && turnAt(timeline, lane.kind, (clientX - box.left + strip.current.scrollLeft) / scale);
  };
  const point = (event: MouseEvent) => {
    const turn = turnUnder(event);
    if (turn !== undefined) {
      onActive(turn);
    }
  };
  const click = (event: MouseEvent) => {
    const turn = turnUnder(event);
    if (turn !== undefined) {
      onGo(turn);
    }
  };
  return (
    <div
      ref={strip}
      role="slider"
      tabIndex={0}
      aria-label="Turns over time"
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={bars.length}
      aria-valuenow={(active ?? 0) + 1}
      aria-valuetext={turnWords(timeline, active ?? 0)}
      className={styles.strip}
      style={{ height: height + (zoom > 1 ? 10 : 0) }}
      onKeyDown={onKeyDown}
      onClick={click}
      onMouseMove={point}
      onScroll={(event) => setLeft(event.currentTarget.scrollLeft)}
    >
      <div className={styles.axis} style={{ width: whole, height }}>
        {lanes.map((lane) => (
          <div
            key={lane.kind}
            className={styles.lane}
            style={{ top: tops.get(lane.kind), height: laneHeight(lane) - 2 }}
          />
        ))}
        {cuts.map(({ at }) => (
          <div key={at} className={styles.cut} style={{ left: at * scale, height }} />
        ))}
        {marks.map(({ from, to }) => (
          <div
            key={`${from} ${to}`}
            data-in-view=""
            className={styles.inView}
            style={{ left: from * scale - 1, width: Math.max((to - from) * scale, 1) + 2, height }}
          />
        ))}
        {blocks.map((block) => (
          <div
            key={`${block.kind} ${block.line} ${block.turn}`}
            data-bar={block.turn}
            data-turns={block.turns}
            data-kind={block.kind}
            className={cx(styles.bar, styles[block.kind], block.hasError && styles.error)}
            style={{ left: block.left, width: block.width, top: (tops.get(block.kind) ?? 0) + block.line * LINE + 1 }}
          />
        ))}
        {looked && (
          <div
            data-active=""
            className={styles.active}
            style={{
              left: looked.from * scale - 2,
              width: Math.max((looked.to - looked.from) * scale, 2) + 4,
              top: (tops.get(looked.turn.kind) ?? 0) + looked.line * LINE - 1,
            }}
          />
        )}
      </div>
    </div>
  );
}

/** Returns where the turn that is read stands: its bars, else the moment before the next turn that has one. */
function marksOf({ bars }: Timeline, said: number | undefined): Array<{ from: number; to: number }> {
  if (said === undefined) {
    return [];
  }
  const own = bars.filter((bar) => bar.said === said);
  if (own.length > 0) {
    return own.map(({ from, to }) => ({ from, to }));
  }
  const next = bars.find((bar) => bar.said !== undefined && bar.said > said);
  return next ? [{ from: next.from, to: next.from }] : [];
}

const getStyles = (theme: GrafanaTheme2) => {
  const { text, border, background, error } = palette(theme);
  const hue = (name: string) => css({ background: theme.visualization.getColorByName(name) });
  return {
    strip: css({
      position: 'relative',
      flex: 1,
      minWidth: 0,
      overflowX: 'auto',
      overflowY: 'hidden',
      cursor: 'pointer',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
    }),
    axis: css({ position: 'relative', overflow: 'hidden' }),
    lane: css({ position: 'absolute', left: 0, right: 0, background: background.secondary, borderRadius: 2 }),
    bar: css({
      position: 'absolute',
      height: LINE - 2,
      borderRadius: 1,
      // What stands side by side is told apart without taking from its length.
      boxShadow: `inset -1px 0 0 ${background.primary}`,
    }),
    generate: hue('green'),
    tool: hue('orange'),
    environment: hue('blue'),
    queue: hue('gray'),
    error: css({ borderBottom: `3px solid ${error.border}` }),
    cut: css({ position: 'absolute', top: 0, width: 0, borderLeft: `2px dotted ${text.secondary}` }),
    inView: css({
      position: 'absolute',
      top: 0,
      background: theme.colors.primary.transparent,
      borderLeft: `1px solid ${text.primary}`,
      borderRight: `1px solid ${text.primary}`,
    }),
    active: css({
      position: 'absolute',
      height: LINE + 2,
      border: `2px solid ${text.primary}`,
      borderRadius: 2,
      outline: `1px solid ${border.weak}`,
      pointerEvents: 'none',
    }),
  };
};
