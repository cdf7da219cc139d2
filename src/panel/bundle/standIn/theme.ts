import type { GrafanaTheme2 } from '@grafana/data';
import { createContext, useContext } from 'react';

interface Shade {
  name: string;
  color: string;
  aliases?: readonly string[];
}

/** Grafana's own themes, as the build found them; functions are made anew here. */
type PlainTheme = Omit<GrafanaTheme2, 'spacing' | 'visualization'> & {
  visualization: { hues: ReadonlyArray<{ shades: readonly Shade[] }> };
};

/** Put there by the build. */
declare const BUNDLE_THEMES: Record<'dark' | 'light', PlainTheme>;

const UNIT = 8;

const spacing = ((...sizes: Array<number | string>) =>
  (sizes.length === 0 ? [1] : sizes)
    .map((size) => (typeof size === 'string' ? size : `${size * UNIT}px`))
    .join(' ')) as GrafanaTheme2['spacing'];

function themeOf(plain: PlainTheme): GrafanaTheme2 {
  const shades = plain.visualization.hues.flatMap((hue) => hue.shades);
  const getColorByName = (name: string) =>
    shades.find((shade) => shade.name === name || shade.aliases?.includes(name))?.color ?? name;
  return { ...plain, spacing, visualization: { ...plain.visualization, getColorByName } } as unknown as GrafanaTheme2;
}

export const THEMES = { dark: themeOf(BUNDLE_THEMES.dark), light: themeOf(BUNDLE_THEMES.light) };

export const ThemeContext = createContext(THEMES.dark);

export const useTheme2 = (): GrafanaTheme2 => useContext(ThemeContext);

const made = new WeakMap<GrafanaTheme2, Map<unknown, unknown>>();

/** The styles of a component, made once a theme. */
export function useStyles2<T>(getStyles: (theme: GrafanaTheme2) => T): T {
  const theme = useTheme2();
  const known = made.get(theme) ?? new Map<unknown, unknown>();
  made.set(theme, known);
  if (!known.has(getStyles)) {
    known.set(getStyles, getStyles(theme));
  }
  return known.get(getStyles) as T;
}
