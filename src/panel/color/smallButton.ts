import type { GrafanaTheme2 } from '@grafana/data';
import { palette } from '../../shared/palette';

/** Styles of a small button that can be on, such as a lens or a verdict; its height and corners are its own. */
export const smallButton = (theme: GrafanaTheme2) => ({
  border: `1px solid ${palette(theme).border.weak}`,
  borderRadius: theme.shape.radius.pill,
  background: 'transparent',
  color: palette(theme).text.primary,
  fontSize: theme.typography.bodySmall.fontSize,
  '&:hover:enabled': { background: palette(theme).action.hover },
  '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 0 },
});

export const smallButtonOn = (theme: GrafanaTheme2) => ({
  borderColor: theme.colors.primary.border,
  background: theme.colors.primary.transparent,
});
