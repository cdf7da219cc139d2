import type { GrafanaTheme2 } from '@grafana/data';
import { palette } from '../../../shared/palette';

/** The page's ground and text, as properties that the file's own style element reads. */
export function paintGround(theme: GrafanaTheme2): void {
  const { style } = document.documentElement;
  style.setProperty('--ground', palette(theme).background.primary);
  style.setProperty('--text', palette(theme).text.primary);
  style.setProperty('--link', palette(theme).text.link);
  style.colorScheme = theme.isDark ? 'dark' : 'light';
}
