import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** The used part of the theme; Grafana's types, under `exactOptionalPropertyTypes`, leave an `undefined` in it. */
interface Theme {
  colors: {
    text: Record<'primary' | 'secondary', string>;
    error: Record<'main' | 'text', string>;
    border: { weak: string };
    background: { elevated?: string; primary: string; secondary: string };
    primary: { main: string };
    action: Record<'selected' | 'hover', string>;
  };
  components: { input: { background: string; borderColor: string } };
}

/** Styles of the code field: a text, and over it a field whose letters are clear, in the same place to the pixel. */
export function codeStyles(theme: GrafanaTheme2) {
  const letters = {
    margin: 0,
    padding: '6px 8px',
    border: 'none',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: '20px',
    letterSpacing: 0,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    tabSize: 2,
  } as const;
  const colour = (value: string) => css({ color: value });
  const { colors, components } = theme as unknown as Theme;
  const { text, error, border, background, primary, action } = colors;
  return {
    frame: css({ flex: '1 1 100%', minWidth: 0, marginBottom: 4 }),
    field: css({
      position: 'relative',
      background: components.input.background,
      border: `1px solid ${components.input.borderColor}`,
      borderRadius: theme.shape.radius.default,
      '&:focus-within': { outline: `2px solid ${primary.main}`, outlineOffset: 1 },
    }),
    whole: css({ ...letters, background: 'transparent', color: text.primary, minHeight: 32, pointerEvents: 'none' }),
    input: css({
      ...letters,
      position: 'absolute',
      inset: 0,
      width: '100%',
      height: '100%',
      background: 'transparent',
      color: 'transparent',
      caretColor: text.primary,
      resize: 'none',
      overflow: 'hidden',
      outline: 'none',
      '&::selection': { color: 'transparent', background: action.selected },
    }),
    ghost: css({ ...letters, position: 'absolute', inset: 0, visibility: 'hidden' }),
    plain: colour(text.secondary),
    name: colour(text.primary),
    variable: colour(theme.visualization.getColorByName(theme.isDark ? 'light-purple' : 'dark-purple')),
    number: colour(theme.visualization.getColorByName(theme.isDark ? 'light-orange' : 'dark-orange')),
    text: colour(theme.visualization.getColorByName(theme.isDark ? 'light-green' : 'dark-green')),
    marked: css({ textDecoration: `underline wavy ${error.main}`, textUnderlineOffset: 3 }),
    about: css({
      color: text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      marginTop: 2,
      overflowWrap: 'anywhere',
    }),
    error: colour(error.text),
    example: css({
      display: 'grid',
      gap: 4,
      width: '100%',
      padding: '8px 12px',
      textAlign: 'left',
      background: background.secondary,
      border: `1px solid ${border.weak}`,
      borderRadius: theme.shape.radius.default,
      overflowWrap: 'anywhere',
      '& > code': { width: 'fit-content', whiteSpace: 'normal' },
      '&:hover': { background: action.hover },
      '&:focus-visible': { outline: `2px solid ${primary.main}` },
    }),
    list: css({
      position: 'fixed',
      zIndex: theme.zIndex.portal,
      margin: 0,
      padding: 4,
      listStyle: 'none',
      maxHeight: 240,
      overflowY: 'auto',
      minWidth: 220,
      maxWidth: 'min(520px, calc(100vw - 16px))',
      // Grafana 11 has no `elevated`.
      background: background.elevated ?? background.primary,
      border: `1px solid ${border.weak}`,
      borderRadius: theme.shape.radius.default,
      boxShadow: theme.shadows.z3,
    }),
    option: css({
      display: 'flex',
      justifyContent: 'space-between',
      gap: 16,
      padding: '4px 8px',
      cursor: 'pointer',
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: theme.typography.bodySmall.fontSize,
      overflowWrap: 'anywhere',
      '&[aria-selected="true"], &:hover': { background: action.selected },
    }),
    optionLabel: css({ flex: 'none', maxWidth: '60%', overflowWrap: 'anywhere' }),
    optionAbout: css({ color: text.secondary, fontFamily: theme.typography.fontFamily, textAlign: 'right' }),
  };
}
