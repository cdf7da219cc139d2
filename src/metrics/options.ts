/** The options that an editor saves with the panel; a viewer changes the rest, in the address. */
export interface PanelOptions {
  /** Charts side by side, where the panel is wide enough. */
  perRow: number;
  /** Pixels of a chart, with its head. */
  chartHeight: number;
  /** True when charts open with a logarithmic scale. */
  log: boolean;
  /** Weight of the exponential average that charts open with, 0 to below 1. */
  smoothing: number;
}

export const DEFAULT_OPTIONS: PanelOptions = { perRow: 3, chartHeight: 200, log: false, smoothing: 0 };
