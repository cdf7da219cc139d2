/** How a reward's colour shows. */
export const COLOR_BY = ['row', 'cell', 'edge'] as const;
export type ColorBy = (typeof COLOR_BY)[number];

/** What an editor saves with the panel. */
export interface PanelOptions {
  /** Rows on a page; left out or 0: as many as fit. */
  pageSize?: number;
  /** Lines of text in a row. */
  lines: number;
  /** Columns in order; left out or empty: step, reward, prompt, response. */
  columns?: string[];
  colorBy: ColorBy;
  /** Left out or empty: the column in the role `reward`. */
  colorColumn?: string;
  showLegend: boolean;
  /** Whether the distribution of rewards is open above the table; a viewer may close it. */
  distribution: boolean;
  /** A dashboard variable that ticked rows set; left out or empty: rows have no ticks. */
  tickVariable?: string;
  /** The column whose values the variable takes. */
  tickColumn?: string;
}

export const DEFAULT_OPTIONS: PanelOptions = { lines: 3, colorBy: 'row', showLegend: true, distribution: false };
