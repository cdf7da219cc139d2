import { useTheme2 } from '@grafana/ui';
import React, { useLayoutEffect, useRef } from 'react';
import { palette } from '../../shared/palette';
import { blend, formatColor, parseColor } from '../color/rgb';
import type { HeatModel } from './HeatModel';
import type { HeatLayout } from './heatLayout';

/** One hue, so that only lightness tells how much: it reads the same for the colour-blind. Neither of the reward's two. */
const HUE = { dark: '#a98bff', light: '#5a2fc2' };
/** A single rollout among thousands still shows. */
const LEAST = 0.2;

interface Props {
  model: HeatModel;
  layout: HeatLayout;
  width: number;
  height: number;
}

/** The cells. They are drawn, not elements: there may be thousands. */
export function HeatCanvas({ model, layout, width, height }: Props) {
  const theme = useTheme2();
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    const ground = parseColor(palette(theme).background.primary);
    const hue = parseColor(HUE[theme.isDark ? 'dark' : 'light']);
    if (!context || !ground || !hue) {
      return;
    }
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { left, top, cellWidth, cellHeight } = layout;
    const gap = cellWidth > 6 ? 1 : 0;
    model.counts.forEach((line, i) => {
      line.forEach((count, j) => {
        if (count > 0) {
          const share = LEAST + (1 - LEAST) * Math.min(1, model.strength(i, j));
          context.fillStyle = formatColor(blend(ground, hue, share));
          const y = top + layout.height - (j + 1) * cellHeight;
          // Whole pixels, or neighbours would let the ground shine through.
          const [x0, x1] = [Math.round(left + i * cellWidth), Math.round(left + (i + 1) * cellWidth)];
          const [y0, y1] = [Math.round(y), Math.round(y + cellHeight)];
          context.fillRect(x0, y0, Math.max(1, x1 - x0 - gap), Math.max(1, y1 - y0 - (cellHeight > 8 ? 1 : 0)));
        }
      });
    });
  }, [model, layout, width, height, theme]);
  const ratio = window.devicePixelRatio || 1;
  return (
    <canvas
      ref={canvas}
      aria-hidden
      width={Math.round(width * ratio)}
      height={Math.round(height * ratio)}
      style={{ position: 'absolute', inset: 0, width, height }}
    />
  );
}
