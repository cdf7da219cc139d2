import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { palette } from '../../shared/palette';

/** Styles that mark what only one of two texts has. A line through a text would hide its minus signs. */
export const diffStyles = (theme: GrafanaTheme2) => ({
  gone: css({
    background: theme.colors.warning.transparent,
    color: palette(theme).text.primary,
    textDecoration: `underline wavy 1px ${theme.colors.warning.text}`,
    textUnderlineOffset: 4,
  }),
  new: css({
    background: theme.colors.primary.transparent,
    color: palette(theme).text.primary,
    textDecoration: `underline solid 2px ${theme.colors.primary.text}`,
    textUnderlineOffset: 3,
  }),
});
