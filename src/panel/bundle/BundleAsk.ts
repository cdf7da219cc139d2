import type { DataFrame } from '@grafana/data';
import type { Narrowing, Page, TableData } from '../data/TableData';
import type { Side } from '../group/readSamples';
import type { ReadRow } from '../reader/row/readRow';

/** From where somebody saves: the table, a row that is read, or a group with what is compared in it. */
export type BundleSubject =
  | { of: 'table'; page: Page }
  | { of: 'row'; row: ReadRow; hasGroup: boolean }
  | { of: 'group'; page: Page; pair: { first?: Side; second?: Side }; reading: string };

/** What of a table leads to it. */
export interface BundleSource {
  frame: DataFrame;
  label: string;
  /** Its address with absolute times. */
  link: string;
  /** What the viewer narrowed it by. */
  narrowing: Narrowing;
  timeZone: string;
}

/** What somebody wants to save. */
export interface BundleAsk {
  data: TableData;
  subject: BundleSubject;
  source: BundleSource;
}
