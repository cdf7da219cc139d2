import { blend, contrast, formatColor, parseColor } from './rgb';

/** Normal text needs this much against what is behind it (WCAG 2, AA). */
export const AA = 4.5;
const ROW_SHARE = 0.26;
const CELL_SHARE = 0.85;

/** The theme's colours that the paint has to go with; all opaque. */
export interface Ground {
  background: string;
  /** Normal text, and the fainter one. */
  text: string;
  faintText: string;
}

export interface Paint {
  background: string;
  text: string;
}

/** A tint behind a whole row, weakened until both texts of the theme can be read on it. */
export function rowTint(color: string, strength: number, ground: Ground): string | undefined {
  const top = parseColor(color);
  const bottom = parseColor(ground.background);
  const texts = [ground.text, ground.faintText].map(parseColor);
  if (!top || !bottom) {
    return undefined;
  }
  for (let share = ROW_SHARE * strength; share > 0.01; share *= 0.9) {
    const tint = blend(bottom, top, share);
    if (texts.every((text) => !text || contrast(blend(tint, text, text.a), tint) >= AA)) {
      return formatColor(tint);
    }
  }
  return undefined;
}

/** A filled cell, with black or white text, whichever reads better on it. */
export function cellPaint(color: string, strength: number, ground: Ground): Paint | undefined {
  const top = parseColor(color);
  const bottom = parseColor(ground.background);
  if (!top || !bottom) {
    return undefined;
  }
  const fill = blend(bottom, top, CELL_SHARE * strength);
  const black = { r: 0, g: 0, b: 0, a: 1 };
  const white = { r: 255, g: 255, b: 255, a: 1 };
  const text = contrast(white, fill) >= contrast(black, fill) ? white : black;
  return { background: formatColor(fill), text: formatColor(text) };
}
