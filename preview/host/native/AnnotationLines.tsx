import type { DataFrame } from '@grafana/data';
import { type UPlotConfigBuilder, useTheme2 } from '@grafana/ui';
import { useLayoutEffect, useRef } from 'react';

/** A dashed line at the time of each annotation, with its title. */
export function AnnotationLines({ config, frames }: { config: UPlotConfigBuilder; frames: DataFrame[] }) {
  const theme = useTheme2();
  const latest = useRef(frames);
  latest.current = frames;
  useLayoutEffect(() => {
    config.addHook('draw', (plot) => {
      const { ctx, bbox } = plot;
      const { devicePixelRatio } = window;
      ctx.save();
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.textAlign = 'left';
      ctx.font = `${11 * devicePixelRatio}px ${theme.typography.fontFamily}`;
      for (const frame of latest.current) {
        const column = (name: string) => frame.fields.find((field) => field.name === name)?.values;
        const times: number[] = column('time') ?? [];
        times.forEach((time, row) => {
          const x = plot.valToPos(time, 'x', true);
          if (x < bbox.left || x > bbox.left + bbox.width) {
            return;
          }
          const color = theme.visualization.getColorByName(String(column('color')?.[row] ?? 'purple'));
          ctx.strokeStyle = color;
          ctx.fillStyle = color;
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
          ctx.fillText(
            String(column('title')?.[row] ?? ''),
            x + 4,
            bbox.top + (10 + (row % 3) * 12) * devicePixelRatio,
          );
        });
      }
      ctx.restore();
    });
  }, [config, theme]);
  return null;
}
