import type { LogEntry, MetricValue, Role, RunPut } from '@rolloscope/contract/types';

/** Something that a record of a file says about its run. */
export type Item =
  | { kind: 'metrics'; step?: number; time?: number; metrics: Record<string, MetricValue> }
  | RowsItem
  /** An entry of a log call as it is; it may say whose it is. */
  | { kind: 'entry'; run?: string; project?: string; entry: LogEntry }
  /** Facts of the run itself. */
  | { kind: 'run'; put: Pick<RunPut, 'config'> };

/** Rows under the trainer's column names; `rolloutTable` translates them when they are sent. */
export interface RowsItem {
  kind: 'rows';
  table: string;
  step?: number;
  time?: number;
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** Roles by the trainer's names, for columns whose names do not tell. */
  roles?: Readonly<Record<string, Role>>;
}

/** The facts that a file's name and place tell. */
interface PathFacts {
  step?: number;
  /** The file's path as it was matched, for what else an adapter needs of it. */
  path: string;
}

/** Options for files that say little about themselves. */
export interface PlainOptions {
  /** Ours → theirs, dots reaching into objects; when given, nothing else is taken. */
  columns?: ReadonlyMap<string, string>;
  /** The table that rows go to. */
  table?: string;
}

export interface TakeContext {
  place: PathFacts;
  options: PlainOptions;
  /** The first records of the file, for kinds that look ahead: the same list for all of it. */
  head: readonly Record<string, unknown>[];
  /** Counts the records of the file, from 1. */
  order: number;
  /** The text that `follows` gave for the records of the file before this one. */
  before?: string | undefined;
  /** Fields that files that are there by now add to the records of others, by id. */
  added?: ReadonlyMap<string, Record<string, unknown>>;
  /** Notes something of the record that is not taken, by its name: it is counted in the summary. */
  leave(name: string): void;
  /** Tells a guess that could be wrong, once a file. */
  remark(text: string): void;
}

/** One kind of file that a trainer writes. */
export interface FileKind {
  /** The name by which people know it: `trainer_state.json`. */
  label: string;
  /**
   * `lines`: a JSON value a line, or the items of a JSON list; `values`: the same however it is laid out, one object
   * included; `csv`: a record a row, under the names of the first; `events`: TFRecords of TensorBoard's events; `json`: one
   * document; `parquet`: a record a row. Texts and events are followed as they grow, whether packed or not; documents are
   * read again when they have changed.
   */
  reads: 'lines' | 'values' | 'csv' | 'events' | 'json' | 'parquet';
  /** Gives the facts of a path if it may be one; paths have `/` and begin above the folder that was given. */
  match(path: string): PathFacts | undefined;
  /** Says whether the first record is one of this kind; left out where the name is enough. */
  accepts?(record: Record<string, unknown>): boolean;
  /** True where the first records of a file tell how all are to be taken. */
  looksAhead?: boolean;
  /** The records of a document, where it is not one itself. */
  records?(document: Record<string, unknown>): unknown[];
  /** Gives what is the same for all files of one run, where a run has one file of this kind only. */
  runOf?(path: string): string;
  /**
   * Gives the folder of a file's run, where each folder is a run of its own: both are below the one that was given,
   * whose own is empty. `folders`: all that have files of this kind.
   */
  folderOf?(path: string, folders: ReadonlySet<string>): string;
  /**
   * Tells, of the first record of such a file, or of the document, by what rows of the run are understood: names of
   * metrics, and config. It is looked at before anything is read.
   */
  tells?(record: Record<string, unknown>): {
    metrics?: string[];
    config?: Record<string, unknown>;
    evalSteps?: number[];
  };
  /**
   * Gives what a record adds to another one, that was or will be read of another file, by the id that both have. All
   * files of such a kind are read before the others.
   */
  adds?(
    record: Record<string, unknown>,
    context: Pick<TakeContext, 'place' | 'before'>,
  ): { id: string; fields: Record<string, unknown> } | undefined;
  /**
   * Gives what must be known of a record and those before it to take the next one, as a short text: it is kept with the
   * place in the file. It is asked of every record, whether it is taken or not.
   */
  follows?(record: Record<string, unknown>, before: string | undefined): string | undefined;
  /** A record that was read before, also in another file, is not taken again: checkpoints repeat the history. */
  once?: boolean;
  /** Gives what a record says. Throws an error whose message is the reason why it cannot be taken. */
  take(record: Record<string, unknown>, context: TakeContext): Item[];
}

/** The files of one trainer, or of one habit. An adapter is one of these, in a file of its own and in the list. */
export interface Format {
  /** The name that `--format` takes. */
  name: string;
  title: string;
  /** First, the kinds that are most certain. */
  files: readonly FileKind[];
  /** True where many trainers write it beside files of their own: it is taken where there are none of these. */
  isBeside?: boolean;
  /** True where it is told from others that fit as well by what nobody else writes. */
  isPrecise?: boolean;
  /** True where it is taken only if nothing else fits. */
  isFallback?: boolean;
}

/** A `match` by a pattern whose first group, where there is one, is the step. */
export function byName(pattern: RegExp): FileKind['match'] {
  return (path) => {
    const found = pattern.exec(path);
    if (!found) {
      return undefined;
    }
    const step = Number(found[1]);
    return { path, ...(found[1] !== undefined && Number.isSafeInteger(step) && { step }) };
  };
}

/** The fields of a record as one row. */
export function rowOf(
  record: Record<string, unknown>,
  table: string,
  rest: Partial<RowsItem> = {},
  without: readonly string[] = ['step'],
): RowsItem {
  const columns = Object.keys(record).filter((name) => !without.includes(name));
  return { kind: 'rows', table, ...rest, columns, rows: [columns.map((name) => record[name] ?? null)] };
}

/** The step of a record if it has a whole one, else what the file's name tells. */
export function stepOf(record: Record<string, unknown>, place: PathFacts, name = 'step'): { step?: number } {
  const own = record[name];
  const step = typeof own === 'number' && Number.isSafeInteger(own) ? own : place.step;
  return step === undefined ? {} : { step };
}

export { isObject } from './readObject';
