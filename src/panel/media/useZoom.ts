import { type KeyboardEvent, useState } from 'react';

/** The zoom of an image. `scale` is drawn pixels per pixel of its own; undefined: as large as it fits. */
interface Zoom {
  scale: number | undefined;
  canGrow: boolean;
  canShrink: boolean;
  by: (steps: 1 | -1) => void;
  fit: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

const SCALES = [0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16] as const;
/** Pixels of a side beyond which nothing is drawn larger. */
const MOST_SIDE = 16_000;

/** @param fitting the scale at which the image fits, as it is drawn now */
export function useZoom(side: number, fitting: () => number): Zoom {
  const [scale, setScale] = useState<number>();
  const scales = SCALES.filter((one) => one <= 1 || one * side <= MOST_SIDE);
  const now = scale ?? fitting();
  const next = (steps: 1 | -1) =>
    steps > 0 ? scales.find((one) => one > now * 1.01) : scales.filter((one) => one < now * 0.99).at(-1);
  const zoom: Zoom = {
    scale,
    canGrow: next(1) !== undefined,
    canShrink: next(-1) !== undefined,
    by: (steps) => setScale(next(steps) ?? now),
    fit: () => setScale(undefined),
    onKeyDown: (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const act =
        event.key === '+' || event.key === '='
          ? () => zoom.by(1)
          : event.key === '-'
            ? () => zoom.by(-1)
            : event.key === '0' || (event.key === 'Escape' && scale !== undefined)
              ? zoom.fit
              : undefined;
      if (act) {
        // The reader has keys of its own, and closes by Escape.
        event.preventDefault();
        event.stopPropagation();
        act();
      }
    },
  };
  return zoom;
}
