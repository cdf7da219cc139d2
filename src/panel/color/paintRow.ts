import type { ColorBy } from '../options';
import type { Strength } from './divergingColor';
import { cellPaint, type Ground, type Paint, rowTint } from './paint';
import { blend, formatColor, parseColor } from './rgb';

/** The paint of one row, as plain colours. */
export interface RowPaint {
  /** The colour behind the whole row. */
  row?: string;
  /** The stripe at the row's left edge. */
  edge?: string;
  /** The cell of the coloured column. */
  cell?: Paint;
}

const NOTHING: RowPaint = {};

export function paintRow(color: Strength | undefined, by: ColorBy, ground: Ground): RowPaint {
  if (!color) {
    return NOTHING;
  }
  const edge = solidColor(color, ground);
  switch (by) {
    case 'row': {
      const row = rowTint(color.color, color.strength, ground);
      return row ? { row, edge } : { edge };
    }
    case 'cell': {
      const cell = cellPaint(color.color, color.strength, ground);
      return cell ? { cell } : NOTHING;
    }
    case 'edge':
      return { edge };
  }
}

/** A colour in its strength on the background, opaque. */
export function solidColor(color: Strength | undefined, ground: Ground): string {
  const bottom = parseColor(ground.background);
  const top = color && parseColor(color.color);
  return bottom && top ? formatColor(blend(bottom, top, color.strength)) : (color?.color ?? ground.background);
}
