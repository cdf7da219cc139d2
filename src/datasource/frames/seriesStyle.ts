import type { FieldConfig } from '@grafana/data';

/** Told apart by people who see red and green alike, on dark and on light; names of Grafana's own palette. */
const PALETTE = [
  'blue',
  'orange',
  'purple',
  'yellow',
  'semi-dark-green',
  'super-light-blue',
  'red',
  'dark-purple',
  'light-orange',
  'dark-blue',
];

/** A colour by name: the same run has the same colour in every panel and dashboard. */
export function colorOf(name: string): string {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  }
  return PALETTE[(hash >>> 0) % PALETTE.length] ?? 'blue';
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
