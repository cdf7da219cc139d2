import {
  type DataFrame,
  type Field,
  type FieldConfigSource,
  fieldColorModeRegistry,
  getFieldMatcher,
} from '@grafana/data';
import { DEFAULT_THRESHOLDS } from './defaultThresholds';

const COLOR_PROPERTIES = ['color', 'thresholds'];

/**
 * Says whether someone has chosen how a column is coloured: a scheme by value or a single colour for the panel,
 * thresholds other than the panel's first ones, an override, or the data source. Palettes that colour whole series say
 * nothing about a reward.
 */
export function isColorConfigured(source: FieldConfigSource, field: Field, frame: DataFrame): boolean {
  const { color, thresholds } = source.defaults;
  // Grafana fills in `thresholds` where nothing is said; any other mode on the field came with the data.
  const own = field.config.color?.mode === 'thresholds' ? undefined : field.config.color;
  for (const mode of [color?.mode, own?.mode]) {
    if (mode === 'fixed' || fieldColorModeRegistry.getIfExists(mode)?.isByValue) {
      return true;
    }
  }
  const steps = (list: { value: number | null; color: string }[]) =>
    JSON.stringify(list.map(({ value, color }) => [Number.isFinite(value) ? value : null, color]));
  if (thresholds && steps(thresholds.steps) !== steps(DEFAULT_THRESHOLDS.steps)) {
    return true;
  }
  return source.overrides.some(
    (rule) =>
      rule.properties.some(({ id }) => COLOR_PROPERTIES.includes(id)) &&
      getFieldMatcher(rule.matcher)(field, frame, [frame]),
  );
}
