import type { PanelOptions } from '../options';
import { HEIGHTS } from './panelLayout';
import type { ViewState } from './ViewState';

/** Pixels of the distribution, and of the lowest panel that has room for it. */
export const DISTRIBUTION = { height: 168, least: 360 };
/** In a lower panel the rows come first. */
const LOWEST_WITH_TOOLBAR = 220;

/** The parts between the head and the rows. */
export interface PanelParts {
  canDistribute: boolean;
  isDistributed: boolean;
  hasToolbar: boolean;
  hasChips: boolean;
  /** Pixels of it all. */
  above: number;
}

/** Returns the parts that a panel of a height has room for, of those that its options and its viewer want. */
export function panelParts(height: number, options: PanelOptions, view: ViewState): PanelParts {
  const canDistribute = height >= DISTRIBUTION.least;
  const isDistributed = canDistribute && (view.distribution ?? options.distribution);
  const hasToolbar = options.showToolbar && height >= LOWEST_WITH_TOOLBAR;
  const hasChips = view.filter.length > 0;
  const above =
    (isDistributed ? DISTRIBUTION.height : 0) + (hasToolbar ? HEIGHTS.toolbar : 0) + (hasChips ? HEIGHTS.strip : 0);
  return { canDistribute, isDistributed, hasToolbar, hasChips, above };
}
