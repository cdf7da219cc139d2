const KEY = 'rolloscope.reader.width';
const SMALLEST = 360;
/** The pixels that stay of the page beside the reader. */
const BESIDE = 80;

/** A width that leaves the page usable beside the reader, whatever was asked for. */
export function fitWidth(width: number, pageWidth: number): number {
  return Math.round(Math.min(Math.max(width, SMALLEST), Math.max(pageWidth - BESIDE, SMALLEST), pageWidth));
}

/** Returns the pixels that the viewer chose last, on this browser; else somewhat less than half of the page. */
export function savedWidth(pageWidth: number): number {
  try {
    const saved = Number(window.localStorage.getItem(KEY));
    return fitWidth(saved > 0 ? saved : Math.max(pageWidth * 0.46, 560), pageWidth);
  } catch {
    return fitWidth(pageWidth * 0.46, pageWidth);
  }
}

export function saveWidth(width: number): void {
  try {
    window.localStorage.setItem(KEY, String(width));
  } catch {
    // A browser that keeps nothing opens the next reader at its usual width.
  }
}
