import { pixelOf, type Scale } from './scale';

export interface Path {
  /** The `d` of an SVG path, in pixels; the line breaks where it has no number. */
  d: string;
  /** Points without a neighbour, which a path does not show: x and y in pixels. */
  single: Array<[x: number, y: number]>;
}

/** The path of a line. Points at the indices `skip` have no place on the scale. */
export function pathOf(
  xs: readonly number[],
  values: readonly number[],
  [x, y]: [x: Scale, y: Scale],
  skip: ReadonlySet<number> = new Set(),
): Path {
  const pieces: string[][] = [];
  const single: Path['single'] = [];
  let piece: string[] = [];
  const close = () => {
    if (piece.length === 1) {
      single.push((piece[0]?.split(',').map(Number) ?? [0, 0]) as [number, number]);
    } else if (piece.length > 1) {
      pieces.push(piece);
    }
    piece = [];
  };
  values.forEach((value, i) => {
    const at = xs[i] ?? 0;
    if (skip.has(i) || !Number.isFinite(value) || (y.isLog && value <= 0)) {
      close();
    } else {
      piece.push(`${pixelOf(x, at).toFixed(1)},${pixelOf(y, value).toFixed(1)}`);
    }
  });
  close();
  return { d: pieces.map((one) => `M${one.join('L')}`).join(''), single };
}
