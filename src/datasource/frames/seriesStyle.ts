import type { FieldConfig } from '@grafana/data';

/** Distinct on dark and on light; hues that red-green blindness confuses stand far apart in lightness. */
const PALETTE = [
  '#5794F2',
  '#FF9830',
  '#B877D9',
  '#FADE2A',
  '#37872D',
  '#8AB8FF',
  '#F2495C',
  '#7C2EA3',
  '#C0D8FF',
  '#C4162A',
  '#FFCB7D',
  '#1F60C4',
  '#96D98D',
  '#DEB6F2',
  '#E0B400',
  '#19A5A5',
  '#FA6400',
  '#6ED0E0',
  '#A16069',
  '#BF1B7A',
];

/** What others are compared with stands back. */
export const BASELINE_COLOR = '#8E8E96';

/** A colour by name: the same run has the same colour in every panel and dashboard. */
export function colorOf(name: string): string {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  }
  return PALETTE[(hash >>> 0) % PALETTE.length] ?? '#5794F2';
}

const UNITS: Array<[pattern: RegExp, unit: string]> = [
  [/^(timing_s|time)\//, 's'],
  [/(^|\/)(clip_?ratio|clipfrac|clipped_ratio|pg_clipfrac)(\/|$)|^frac_/, 'percentunit'],
];

/** The unit that a metric's name tells; accuracies stay plain numbers, as papers write them. */
export const unitOf = (metric: string): string | undefined => UNITS.find(([pattern]) => pattern.test(metric))?.[1];

export function lineConfig(color: string, metric: string, dashed: boolean): FieldConfig {
  const unit = unitOf(metric);
  return {
    color: { mode: 'fixed', fixedColor: color },
    ...(unit && { unit }),
    custom: { ...(dashed && { lineStyle: { fill: 'dash', dash: [8, 6] }, lineWidth: 1 }), spanNulls: true },
  };
}
