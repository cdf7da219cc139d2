import type { Field, FieldConfig, MappingType } from '@grafana/data';
import type { Run } from '@rolloscope/contract/types';

/** Colours distinct on dark and on light; hues that red-green blindness confuses stand far apart in lightness. */
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

const slot = (index: number) => PALETTE[index % PALETTE.length] ?? '#5794F2';

/** A colour by name. */
export function colorOf(name: string): string {
  let hash = 2166136261;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  }
  return slot(hash >>> 0);
}

/**
 * The colour of a run: the same in every panel and dashboard, and another one than that of the runs created before and
 * after it. A store that does not count its runs leaves the choice to the id.
 */
export const runColor = ({ id, number }: Pick<Run, 'id' | 'number'>): string =>
  number === undefined ? colorOf(id) : slot(number - 1);

/** Colours of several metrics beside each other: by name, or the next one that is free. */
export function metricColors(names: readonly string[]): Map<string, string> {
  const colors = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of [...new Set(names)].sort()) {
    const first = PALETTE.indexOf(colorOf(name));
    const free = PALETTE.findIndex((_, i) => !taken.has(slot(first + i)));
    const color = slot(first + Math.max(0, free));
    colors.set(name, color);
    taken.add(color);
  }
  return colors;
}

/** The standing of a line to its neighbours: others are measured against a baseline; what was overtaken stands back. */
export type LineRole = 'own' | 'baseline' | 'overtaken';

const LINE_STYLES: Readonly<Record<LineRole, object>> = {
  own: {},
  baseline: { lineStyle: { fill: 'dash', dash: [8, 6] }, lineWidth: 1 },
  overtaken: { lineStyle: { fill: 'dot', dash: [2, 6] }, lineWidth: 1 },
};

const fixed = (fixedColor: string) => ({ mode: 'fixed', fixedColor });
/** The line of a series; with `hasGaps` it breaks where it has no number, else it goes on over other lines' points. */
export const lineConfig = (color: string, role: LineRole, hasGaps: boolean): FieldConfig => ({
  color: fixed(color),
  custom: { ...LINE_STYLES[role], spanNulls: !hasGaps },
});

/** Styles what a smoothed line was made of: it is there to be seen, not to be read. */
export const faintConfig = (color: string, hasGaps: boolean): FieldConfig => ({
  color: fixed(`${color}40`),
  custom: {
    lineWidth: 1,
    showPoints: 'never',
    spanNulls: !hasGaps,
    hideFrom: { legend: true, tooltip: false, viz: false },
  },
});

/** An edge of the band around a mean; the upper one fills down to `fillTo`. */
export const edgeConfig = (color: string, fillTo?: string): FieldConfig => ({
  color: fixed(color),
  custom: {
    lineWidth: 0,
    showPoints: 'never',
    spanNulls: true,
    ...(fillTo !== undefined && { fillBelowTo: fillTo, fillOpacity: 15 }),
    hideFrom: { legend: true, tooltip: true, viz: false },
  },
});

/** The point that marks a step on a line. */
export const markConfig = (color: string): FieldConfig => ({
  color: fixed(color),
  custom: {
    drawStyle: 'points',
    showPoints: 'always',
    pointSize: 12,
    lineWidth: 2,
    hideFrom: { legend: true, tooltip: true, viz: false },
  },
});

/** The style of marks where a line has no number that a chart could show; their height is not its value. */
export const oddConfig: FieldConfig = {
  color: fixed('#F2495C'),
  custom: {
    drawStyle: 'points',
    showPoints: 'always',
    pointSize: 5,
    hideFrom: { legend: true, tooltip: false, viz: false },
  },
  mappings: [
    { type: 'range' as MappingType.RangeToText, options: { from: null, to: null, result: { text: 'not finite' } } },
  ],
};

/** A column for links and exports that no chart draws. */
export const hiddenConfig: Field['config'] = {
  custom: { hidden: true, hideFrom: { viz: true, legend: true, tooltip: true } },
};
