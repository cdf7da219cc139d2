import {
  type DataFrame,
  type FieldConfigSource,
  FieldType,
  fieldColorModeRegistry,
  type GrafanaTheme2,
  type ThresholdsConfig,
  ThresholdsMode,
} from '@grafana/data';
import type { TableColumn } from '../data/TableData';
import { formatNumber } from '../text/formatNumber';
import type { ColorScale, LegendEntry } from './ColorScale';
import { booleanColor, divergingColor, reachOf } from './divergingColor';
import { isColorConfigured } from './isColorConfigured';

/**
 * The scale of a column: the panel's own thresholds or colour scheme where someone has set one, else blue above 0 and
 * orange below, or blue for true and orange for false. The field's `min` and `max` bound both.
 */
export function readColorScale(
  column: TableColumn,
  frame: DataFrame,
  source: FieldConfigSource,
  theme: GrafanaTheme2,
): ColorScale {
  if (isColorConfigured(source, column.field, frame)) {
    return configuredScale(column, theme);
  }
  const scale = column.type === 'boolean' ? booleanScale : divergingScale;
  return scale(column, theme.isDark ? 'dark' : 'light');
}

function booleanScale({ name }: TableColumn, theme: 'dark' | 'light'): ColorScale {
  return {
    column: name,
    colorOf: (value) => (typeof value === 'boolean' ? booleanColor(value, theme) : undefined),
    entries: [false, true].map((value) => ({ label: String(value), color: booleanColor(value, theme) })),
  };
}

function divergingScale({ name, field }: TableColumn, theme: 'dark' | 'light'): ColorScale {
  const { min, max } = field.config;
  const bounds = [min, max].filter((bound) => typeof bound === 'number');
  const reach = reachOf(bounds.length > 0 ? bounds : field.values);
  const { low, high } = extent(field.values);
  const scale: ColorScale = {
    column: name,
    colorOf: (value) => (typeof value === 'number' ? divergingColor(value, reach, theme) : undefined),
    entries: [],
  };
  const [from, to] = [min ?? Math.min(0, low), max ?? Math.max(0, high)];
  const marks = [...new Set([from, ...(from < 0 && to > 0 ? [0] : []), to])];
  return from < to ? { ...scale, marks } : scale;
}

function configuredScale({ name, field }: TableColumn, theme: GrafanaTheme2): ColorScale {
  const mode = fieldColorModeRegistry.getIfExists(field.config.color?.mode);
  const isNumeric = field.type === FieldType.number;
  const scale: ColorScale = {
    column: name,
    colorOf(value) {
      const color = value === null || value === undefined ? undefined : field.display?.(value).color;
      return color === undefined ? undefined : { color, strength: 1 };
    },
    entries: mode === undefined || mode.id === 'thresholds' ? thresholdEntries(field.config.thresholds, theme) : [],
  };
  const range = field.state?.range;
  const isFlowing = isNumeric && mode?.isContinuous === true;
  return isFlowing && typeof range?.min === 'number' && typeof range.max === 'number'
    ? { ...scale, marks: [range.min, range.max] }
    : scale;
}

function thresholdEntries(thresholds: ThresholdsConfig | undefined, theme: GrafanaTheme2): LegendEntry[] {
  const unit = thresholds?.mode === ThresholdsMode.Percentage ? '%' : '';
  const steps = thresholds?.steps ?? [];
  return steps.map(({ value, color }, i) => {
    const next = steps[i + 1];
    const isFirst = i === 0 || !Number.isFinite(value);
    const label = isFirst ? (next ? `< ${formatNumber(next.value)}${unit}` : 'all') : `≥ ${formatNumber(value)}${unit}`;
    return { label, color: { color: theme.visualization.getColorByName(color), strength: 1 } };
  });
}

function extent(values: Iterable<unknown>): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value === 'number' && Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}
