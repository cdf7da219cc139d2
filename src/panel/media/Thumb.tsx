import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MediaRef } from '@rolloscope/contract/types';
import React, { useContext, useEffect, useRef, useState } from 'react';
import { palette } from '../../shared/palette';
import { MediaContext, noteSeen } from './MediaContext';
import { altText, BROKEN } from './mediaWords';

/** Milliseconds that a row stays before its image is asked for: rows that fly by ask for nothing. */
const STAYS = 120;
/** Width of the widest thumbnail, as a multiple of its height. */
const WIDEST = 2;
const NARROWEST = 0.5;

interface Props {
  image: MediaRef;
  url: string;
  /** The height of the image, in pixels. */
  height: number;
}

/** Returns an image's width at a height, both in pixels. */
export const thumbWidth = ({ width = 1, height: tall = 1 }: MediaRef, height: number): number =>
  Math.round(height * Math.min(WIDEST, Math.max(NARROWEST, width / tall)));

/** An image in a table: its room is there before it, and stays the same whatever becomes of it. */
export function Thumb({ image, url, height }: Props) {
  const styles = useStyles2(getStyles);
  const place = useContext(MediaContext);
  const element = useRef<HTMLImageElement>(null);
  const [isWanted, setWanted] = useState(place.seen.has(url));
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(true), STAYS);
    const drawn = element.current;
    return () => {
      clearTimeout(timer);
      // What is still on its way is not waited for by anybody.
      drawn?.removeAttribute('src');
    };
  }, []);
  const width = thumbWidth(image, height);
  const alt = altText(image);
  return isBroken ? (
    <span className={styles.word} style={{ width, height }} title={`${alt}. ${BROKEN}`}>
      not shown
    </span>
  ) : (
    <img
      ref={element}
      className={styles.image}
      alt={alt}
      title={alt}
      width={width}
      height={height}
      decoding="async"
      draggable={false}
      {...(isWanted && { src: url })}
      onLoad={() => noteSeen(place, url)}
      onError={() => setBroken(true)}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  image: css({
    flexShrink: 0,
    objectFit: 'contain',
    borderRadius: 2,
    background: palette(theme).background.secondary,
    // Alt text of an image that is on its way would jump.
    '&:not([src])': { color: 'transparent' },
  }),
  word: css({
    display: 'flex',
    flexShrink: 0,
    alignItems: 'center',
    justifyContent: 'center',
    overflow: 'hidden',
    borderRadius: 2,
    color: palette(theme).text.secondary,
    background: palette(theme).background.secondary,
    fontSize: 10,
    lineHeight: '11px',
    textAlign: 'center',
    overflowWrap: 'anywhere',
  }),
});
