import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { isImage, isMediaRef, type Media } from '@rolloscope/contract/mediaCell';
import type { MediaRef } from '@rolloscope/contract/types';
import React, { useContext } from 'react';
import { palette } from '../../shared/palette';
import { formatCount } from '../text/formatCount';
import { MediaContext } from './MediaContext';
import { altText, NO_SOURCE, secondsText } from './mediaWords';
import { Thumb, thumbWidth } from './Thumb';

/** Media of a cell that are looked at for how many have room. */
const MOST = 20;
/** Pixels of a word, of what says how many more there are, and between two. */
const [WORD, REST, GAP] = [60, 30, 4];
/** Pixels from which an image is read in the reader alone: a screen full of rows unpacks one for each. */
const MOST_PIXELS = 4_000_000;

interface Props {
  media: readonly Media[];
  /** The size of the cell, in pixels. */
  width: number;
  height: number;
}

/** Counts how many of them have room beside each other: at least one. */
function fitting(media: readonly Media[], width: number, height: number): number {
  let left = width;
  for (const [i, one] of media.slice(0, MOST).entries()) {
    const isDrawn = isMediaRef(one) && wordFor(one) === undefined;
    left -= (isDrawn ? thumbWidth(one, height) : WORD) + (i > 0 ? GAP : 0);
    if (i > 0 && left < (i < media.length - 1 ? REST + GAP : 0)) {
      return i;
    }
  }
  return Math.min(MOST, media.length);
}

/** The images and sounds of a cell, small; a click on the row opens them. */
export function Thumbs({ media, width, height }: Props) {
  const styles = useStyles2(getStyles);
  const most = fitting(media, width, height);
  return (
    <span className={styles.line} style={{ height }}>
      {media.slice(0, most).map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one cell may hold the same twice
        <Small key={`${i} ${one.media}`} one={one} height={height} />
      ))}
      {media.length > most && <span className={styles.word}>+{formatCount(media.length - most)}</span>}
    </span>
  );
}

function Small({ one, height }: { one: Media; height: number }) {
  const styles = useStyles2(getStyles);
  const { urlOf } = useContext(MediaContext);
  if (!isMediaRef(one)) {
    return (
      <span className={styles.word} title={`Not kept: it ${one.why}`}>
        not kept
      </span>
    );
  }
  const url = urlOf(one);
  const word = url === undefined ? 'in the store' : wordFor(one);
  return word === undefined && url !== undefined ? (
    <Thumb image={one} url={url} height={height} />
  ) : (
    <span className={styles.word} title={url === undefined ? `${altText(one)}. ${NO_SOURCE}` : altText(one)}>
      {!isImage(one) && <Icon name="play" size="sm" />}
      {word}
    </span>
  );
}

/** Returns the words for one that is not drawn in a table; undefined for one that is. */
function wordFor({ type, width = 0, height = 0, frames, seconds }: MediaRef): string | undefined {
  if (type.startsWith('audio/')) {
    return seconds === undefined ? 'sound' : secondsText(seconds);
  }
  if (frames !== undefined) {
    return `moving, ${formatCount(frames)} pictures`;
  }
  return width * height > MOST_PIXELS ? `${formatCount(width)} × ${formatCount(height)}` : undefined;
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ display: 'flex', alignItems: 'flex-start', gap: theme.spacing(0.5), overflow: 'hidden' }),
  word: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: 2,
    maxWidth: '100%',
    flexShrink: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
