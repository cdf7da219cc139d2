import type { TableColumn } from '../data/TableData';

/** Most rollouts of one file: a browser opens it at once, and mail carries it. */
export const MOST_ROWS = 1_000;
/** Most characters of texts in one file. */
export const MOST_CHARACTERS = 40_000_000;
/** Most bytes of images and sounds in one file; as text they take a third more. */
export const MOST_MEDIA_BYTES = 50_000_000;

/** A fact about the source of a file; a file lists them in the order in which they are shown. */
export interface SourceFact {
  name: string;
  value: string;
}

/** A list of all that was kept out of a file. It never says what that was: a word is named by its place in the list. */
export interface RedactionList {
  /** Names of columns that were left out. */
  columns: readonly string[];
  /** Names of facts about the source that were left out. */
  facts: readonly string[];
  /** The number of times that each word or pattern was blacked out, in the order of the list. */
  words: ReadonlyArray<{ isPattern: boolean; times: number }>;
  /** The number of images and sounds that were left out. */
  media: number;
}

/** The view with which the file opens: a row, counted from 0, with its group and what is compared there. */
interface OpenedAt {
  row: number;
  hasGroup: boolean;
  compared?: readonly [first: number, second: number];
}

/** Rollouts as one HTML file holds them; the page's code reads it (`page/`). */
export interface Bundle {
  format: 1;
  title: string;
  facts: readonly SourceFact[];
  redaction: RedactionList;
  /** The address of the rollouts in Grafana; left out where that was not to be told. */
  link?: string;
  timeZone: string;
  columns: ReadonlyArray<Pick<TableColumn, 'name' | 'label' | 'type' | 'role' | 'isDerived'>>;
  /** A cell for every column; null where a row has none. */
  rows: readonly unknown[][];
  /** Numbers for which JSON has no word, by row and column. */
  odd: ReadonlyArray<readonly [row: number, column: number, value: string]>;
  /** Texts of which only the beginning could be had, with their full lengths in characters. */
  cut: ReadonlyArray<readonly [row: number, column: number, fullLength: number]>;
  /** Images and sounds as `data:` addresses, by the hash that cells name them by. */
  media: Readonly<Record<string, string>>;
  /** True where each group is whole: what is computed over a part of one would be wrong. */
  hasWholeGroups: boolean;
  opened: OpenedAt;
}

/** The element of the file that holds the bundle as JSON. */
export const BUNDLE_ELEMENT = 'bundle';
