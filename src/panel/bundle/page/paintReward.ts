import type { GrafanaTheme2 } from '@grafana/data';
import { palette } from '../../../shared/palette';
import { booleanColor, divergingColor, reachOf } from '../../color/divergingColor';
import { cellPaint, type Paint } from '../../color/paint';
import type { TableColumn } from '../../data/TableData';

/** Paints rewards blue above 0 and orange below, as a panel does that has no colours of its own. */
export function rewardPaint(
  columns: readonly TableColumn[],
  theme: GrafanaTheme2,
): (reward: unknown) => Paint | undefined {
  const column = columns.find(({ role }) => role === 'reward') ?? columns.find(({ role }) => role === 'correct');
  const reach = reachOf(column?.field.values ?? []);
  const { background, text } = palette(theme);
  const ground = { background: background.primary, text: text.primary, faintText: text.secondary };
  const mode = theme.isDark ? 'dark' : 'light';
  return (reward) => {
    const color =
      typeof reward === 'boolean'
        ? booleanColor(reward, mode)
        : typeof reward === 'number'
          ? divergingColor(reward, reach, mode)
          : undefined;
    return color && cellPaint(color.color, color.strength, ground);
  };
}
