import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { MOST_SMOOTHING } from './data/MetricsView';
import { DEFAULT_OPTIONS, type PanelOptions } from './options';

/** Adds what an editor can choose; every default needs no change. */
export function addOptions(builder: PanelOptionsEditorBuilder<PanelOptions>): void {
  builder
    .addSliderInput({
      path: 'perRow',
      name: 'Charts in a row',
      description: 'Fewer where the panel is too narrow for them.',
      defaultValue: DEFAULT_OPTIONS.perRow,
      settings: { min: 1, max: 6, step: 1 },
    })
    .addSliderInput({
      path: 'chartHeight',
      name: 'Height of a chart',
      defaultValue: DEFAULT_OPTIONS.chartHeight,
      settings: { min: 120, max: 480, step: 20 },
    })
    .addBooleanSwitch({ path: 'log', name: 'Logarithmic scale', defaultValue: DEFAULT_OPTIONS.log })
    .addSliderInput({
      path: 'smoothing',
      name: 'Smoothing',
      description: 'Weight of what came before. Viewers change it above the charts.',
      defaultValue: DEFAULT_OPTIONS.smoothing,
      settings: { min: 0, max: MOST_SMOOTHING, step: 0.01 },
    });
}
