import type { Lens, Role } from '@rolloscope/contract/names';

/** How a reward's colour shows. */
export const COLOR_BY = ['row', 'cell', 'edge'] as const;
export type ColorBy = (typeof COLOR_BY)[number];

/** What an editor saves with the panel. */
export interface PanelOptions {
  /** Rows on a page; left out or 0: as many as fit. */
  pageSize?: number;
  /** Lines of text in a row. */
  lines: number;
  /** Whether the cells of prompts begin where the prompt does, and not with what was asked. */
  promptsFromStart: boolean;
  /** Columns in order; left out or empty: step, reward, prompt, response. */
  columns?: string[];
  /** Names of columns that stay at the left edge. */
  pinned?: string[];
  /** Search, filter and lenses above the table. */
  showToolbar: boolean;
  /** What the table is looked at through until a viewer chooses; left out: a history begins with its latest step. */
  lens?: Lens;
  /** Roles of columns, where they are not as logged or guessed; null for none. */
  roles?: Record<string, Role | null>;
  colorBy: ColorBy;
  /** Left out or empty: the column in the role `reward`. */
  colorColumn?: string;
  showLegend: boolean;
  /** Whether the distribution of rewards is open above the table; a viewer may close it. */
  distribution: boolean;
  /** Whether only rows show that were logged in the dashboard's time range. */
  inTimeRange: boolean;
  /** Whether a person may load images at addresses of the web, each by a button. */
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
