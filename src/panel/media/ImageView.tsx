import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import type { MediaRef } from '@rolloscope/contract/types';
import React, { useRef, useState } from 'react';
import { palette } from '../../shared/palette';
import { altText, BROKEN, factsText } from './mediaWords';
import { useZoom } from './useZoom';

/** Pixels of the tallest image that is not zoomed. */
const TALLEST = 480;
/** From this scale on pixels are squares: whoever looks so close counts them. */
const SQUARES = 3;

/** Small ones, as tasks of grids and glyphs have, are drawn larger, each pixel a square. */
const [SMALL, SMALL_AS] = [48, 144];

const fittingScale = (width: number, height: number) => {
  const side = Math.max(width, height);
  return side <= SMALL ? Math.min(16, Math.floor(SMALL_AS / side)) : Math.min(1, TALLEST / height);
};

/** An image, whole, with its room kept free before it comes. A click, `+` and `−` zoom; `0` and Escape make it fit. */
export function ImageView({ image, url }: { image: MediaRef; url: string }) {
  const styles = useStyles2(getStyles);
  const { width = 1, height = 1 } = image;
  const drawn = useRef<HTMLImageElement>(null);
  const [isBroken, setBroken] = useState(false);
  const fitting = fittingScale(width, height);
  const zoom = useZoom(Math.max(width, height), () => (drawn.current?.clientWidth || width * fitting) / width);
  const { scale } = zoom;
  const alt = altText(image);
  if (isBroken) {
    return (
      <p role="note" className={styles.note}>
        {alt}. {BROKEN}
      </p>
    );
  }
  return (
    <figure className={styles.figure} onKeyDown={zoom.onKeyDown}>
      <div className={styles.tools}>
        <IconButton
          name="search-minus"
          size="sm"
          tooltip="Smaller (−)"
          disabled={!zoom.canShrink}
          onClick={() => zoom.by(-1)}
        />
        <IconButton
          name="search-plus"
          size="sm"
          tooltip="Larger (+)"
          disabled={!zoom.canGrow}
          onClick={() => zoom.by(1)}
        />
        <span className={styles.faint} aria-live="polite">
          {scale === undefined ? 'fits' : `${Math.round(scale * 100)} %`}
        </span>
        <span className={styles.faint}>{factsText(image)}</span>
      </div>
      <button
        type="button"
        className={cx(styles.frame, scale !== undefined && styles.zoomed)}
        aria-label={`${scale === undefined ? 'Enlarge' : 'Fit'}: ${alt}`}
        onClick={() => (scale === undefined ? zoom.by(1) : zoom.fit())}
      >
        <img
          ref={drawn}
          src={url}
          alt={alt}
          decoding="async"
          draggable={false}
          className={cx(styles.image, (scale ?? fitting) >= SQUARES && styles.squares)}
          style={
            scale === undefined
              ? {
                  width: Math.max(1, Math.round(width * fitting)),
                  maxWidth: '100%',
                  aspectRatio: `${width} / ${height}`,
                }
              : { width: Math.round(width * scale), height: Math.round(height * scale), maxWidth: 'none' }
          }
          onError={() => setBroken(true)}
        />
      </button>
      {image.alt && <figcaption className={styles.faint}>{image.alt}</figcaption>}
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figure: css({ margin: 0, maxWidth: '100%' }),
  tools: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.5, 1), minHeight: 24 }),
  frame: css({
    display: 'block',
    maxWidth: '100%',
    maxHeight: '70vh',
    overflow: 'auto',
    padding: 0,
    border: 0,
    borderRadius: 2,
    background: palette(theme).background.secondary,
    cursor: 'zoom-in',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
  }),
  zoomed: css({ cursor: 'zoom-out' }),
  image: css({ display: 'block', objectFit: 'contain' }),
  squares: css({ imageRendering: 'pixelated' }),
  faint: css({ color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  note: css({ margin: 0, color: palette(theme).text.secondary }),
});
