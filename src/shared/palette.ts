import type { GrafanaTheme2 } from '@grafana/data';

/** The theme's colours that the panels use. */
interface Palette {
  text: { primary: string; secondary: string; link: string };
  background: { primary: string; secondary: string };
  border: { weak: string; medium: string };
  action: { hover: string };
  warning: Tone;
  success: Tone;
  error: Tone;
  info: Tone;
  primary: Tone;
}

interface Tone {
  text: string;
  border: string;
  transparent: string;
}

/** They are always there; only Grafana's types, under `exactOptionalPropertyTypes`, leave an `undefined` in them. */
export function palette(theme: GrafanaTheme2): Palette {
  return theme.colors as Palette;
}
