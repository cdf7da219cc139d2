import type { DataFrame } from '@grafana/data';
import type { Narrowing, Page, TableData } from '../data/TableData';
import type { Side } from '../group/readSamples';
import type { ReadRow } from '../reader/row/readRow';

/** The place from which somebody saves: the table, a row that is read, or a group with what is compared in it. */
export type BundleSubject =
  | { of: 'table'; page: Page }
  | { of: 'row'; row: ReadRow; hasGroup: boolean }
  | { of: 'group'; page: Page; pair: { first?: Side; second?: Side }; reading: string };

/** The source of what is saved: a table, and what leads back to it. */
export interface BundleSource {
  frame: DataFrame;
  label: string;
  /** Its address with absolute times. */
  link: string;
  /** The viewer's narrowing of the table. */
  narrowing: Narrowing;
  timeZone: string;
}

/** A person's wish to save rows of a table. */
export interface BundleAsk {
  data: TableData;
  subject: BundleSubject;
  source: BundleSource;
}
