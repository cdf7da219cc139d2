import { type DataFrame, textUtil } from '@grafana/data';
import { type UPlotConfigBuilder, useTheme2 } from '@grafana/ui';
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

/** An annotation and its place on the plot, in CSS pixels. */
interface Mark {
  id: string;
  left: number;
  title: string;
  text: string;
}

/** A dashed line at the time of each annotation, a band where it lasts, and a mark below whose hover tells it. */
export function AnnotationLines({ config, frames }: { config: UPlotConfigBuilder; frames: DataFrame[] }) {
  const theme = useTheme2();
  const latest = useRef(frames);
  latest.current = frames;
  const [plot, setPlot] = useState<HTMLElement>();
  const [marks, setMarks] = useState<Mark[]>([]);
  const [open, setOpen] = useState<string>();
  useLayoutEffect(() => {
    config.addHook('draw', (uplot) => {
      const { ctx, bbox } = uplot;
      const { devicePixelRatio } = window;
      const found: Mark[] = [];
      ctx.save();
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      for (const frame of latest.current) {
        const column = (name: string) => frame.fields.find((field) => field.name === name)?.values;
        const times: number[] = column('time') ?? [];
        times.forEach((time, row) => {
          const at = (moment: number) => uplot.valToPos(moment, 'x', true);
          const inside = (x: number) => x >= bbox.left && x <= bbox.left + bbox.width;
          const clamp = (x: number) => Math.max(bbox.left, Math.min(bbox.left + bbox.width, x));
          const end = Number(column('timeEnd')?.[row] ?? time);
          const [from, to] = [at(time), at(end)];
          const color = theme.visualization.getColorByName(String(column('color')?.[row] ?? 'purple'));
          ctx.strokeStyle = color;
          ctx.fillStyle = color;
          if (end > time && clamp(from) < clamp(to)) {
            ctx.globalAlpha = 0.15;
            ctx.fillRect(clamp(from), bbox.top, clamp(to) - clamp(from), bbox.height);
            ctx.globalAlpha = 1;
          }
          for (const x of [from, to].filter(inside)) {
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          if (inside(from)) {
            const text = (name: string) => String(column(name)?.[row] ?? '');
            const left = Math.round((from - bbox.left) / devicePixelRatio);
            found.push({ id: `${row} ${text('id')}`, left, title: text('title'), text: text('text') });
          }
        });
      }
      ctx.restore();
      setPlot(uplot.over);
      setMarks((known) => (JSON.stringify(known) === JSON.stringify(found) ? known : found));
    });
  }, [config, theme]);
  const shown = marks.find(({ id }) => id === open);
  return plot
    ? createPortal(
        <>
          {marks.map(({ id, left, title }) => (
            <button
              key={id}
              type="button"
              aria-label={`Annotation: ${title}`}
              onMouseEnter={() => setOpen(id)}
              onFocus={() => setOpen(id)}
              onClick={() => setOpen(id)}
              style={{ ...MARK, left: left - 5 }}
            />
          ))}
          {shown && (
            <div
              role="tooltip"
              onMouseLeave={() => setOpen(undefined)}
              style={{
                ...TIP,
                ...(shown.left > plot.clientWidth / 2
                  ? { right: plot.clientWidth - shown.left }
                  : { left: shown.left }),
                background: theme.colors.background.elevated,
                border: `1px solid ${theme.colors.border.medium}`,
              }}
            >
              {/* Grafana shows it like this: as HTML, cleaned of scripts. */}
              <div dangerouslySetInnerHTML={{ __html: textUtil.sanitize(`<b>${shown.title}</b><br>${shown.text}`) }} />
            </div>
          )}
        </>,
        plot,
      )
    : null;
}

const MARK = {
  position: 'absolute',
  bottom: -9,
  width: 10,
  height: 9,
  padding: 0,
  border: 0,
  background: '#B877D9',
  clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  cursor: 'pointer',
  zIndex: 2,
} as const;

const TIP = { position: 'absolute', bottom: -2, padding: 8, borderRadius: 4, zIndex: 3, minWidth: 180 } as const;
