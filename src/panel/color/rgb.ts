/** Red, green and blue, 0–255, and opacity, 0–1. */
interface Rgb {
  r: number;
  g: number;
  b: number;
  a: number;
}

const HEX = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
const FUNCTION = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+)(%?))?\s*\)$/i;

/** Reads `#rgb`, `#rrggbb`, `rgb()` and `rgba()`, which is what Grafana's themes and colour schemes give. */
export function parseColor(color: string): Rgb | undefined {
  const hex = HEX.exec(color)?.[1];
  if (hex) {
    const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const [r = 0, g = 0, b = 0, a = 255] = (wide.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return { r, g, b, a: a / 255 };
  }
  const parts = FUNCTION.exec(color);
  if (!parts) {
    return undefined;
  }
  const alpha = parts[4] === undefined ? 1 : Number(parts[4]) / (parts[5] ? 100 : 1);
  return { r: Number(parts[1]), g: Number(parts[2]), b: Number(parts[3]), a: alpha };
}

export function formatColor({ r, g, b }: Rgb): string {
  return `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
}

/** `top` laid over `bottom` with an opacity of `share`, 0–1; as opaque as `bottom`. */
export function blend(bottom: Rgb, top: Rgb, share: number): Rgb {
  const mix = (from: number, to: number) => from + (to - from) * share;
  return { r: mix(bottom.r, top.r), g: mix(bottom.g, top.g), b: mix(bottom.b, top.b), a: bottom.a };
}

function luminance({ r, g, b }: Rgb): number {
  const linear = (channel: number) => {
    const c = channel / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Contrast of two opaque colours after WCAG 2, 1–21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}
