import type { Lens, Role } from '@rolloscope/contract/names';

/** The parts of a row that can show a reward's colour. */
export const COLOR_BY = ['row', 'cell', 'edge'] as const;
export type ColorBy = (typeof COLOR_BY)[number];

/** The options that an editor saves with the panel. */
export interface PanelOptions {
  /** Rows on a page; left out or 0: as many as fit. */
  pageSize?: number;
  /** Lines of text in a row. */
  lines: number;
  /** True where the cells of prompts begin where the prompt does, and not with what was asked. */
  promptsFromStart: boolean;
  /** Columns in order; left out or empty: step, reward, prompt, response. */
  columns?: string[];
  /** Names of columns that stay at the left edge. */
  pinned?: string[];
  /** Search, filter and lenses above the table. */
  showToolbar: boolean;
  /** The table's lens until a viewer chooses; left out: a history begins with its latest step. */
  lens?: Lens;
  /** Roles of columns, where they are not as logged or guessed; null for none. */
  roles?: Record<string, Role | null>;
  colorBy: ColorBy;
  /** The column that colours rows; left out or empty: the one in the role `reward`. */
  colorColumn?: string;
  showLegend: boolean;
  /** True where the distribution of rewards is open above the table; a viewer may close it. */
  distribution: boolean;
  /** True where only rows show that were logged in the dashboard's time range. */
  inTimeRange: boolean;
  /** True where a person may load images at addresses of the web, each by a button. */
  remoteMedia: boolean;
  /** A dashboard variable that ticked rows set; left out or empty: rows have no ticks. */
  tickVariable?: string;
  /** The column whose values the variable takes. */
  tickColumn?: string;
}

export const DEFAULT_OPTIONS: PanelOptions = {
  lines: 3,
  promptsFromStart: false,
  showToolbar: true,
  colorBy: 'row',
  showLegend: true,
  distribution: false,
  inTimeRange: false,
  remoteMedia: false,
};
