import type { MediaLeftOut, MediaRef } from '@rolloscope/contract/types';
import { isObject, readJson } from '../formats/readObject';
import type { TableFile } from '../formats/readTableFile';
import { StoreError } from '../StoreError';
import { inTurns, type Steps } from '../Turn';
import { namedMedia, wandbMedia } from './wandbMedia';

/** Rows that a table's file in the run has at the most; its artifact has more. */
const ROWS_OF_FILE = 10_000;

type Cells = ReadonlyArray<readonly unknown[]>;
/** Finds what the store keeps of media, by what a client says of it; undefined for nothing. */
export type Kept = (named: MediaRef) => MediaRef | undefined;

/** Makes what stands for media whose file is not kept, whyever. */
export const notKept = (alt: string | undefined): MediaLeftOut => ({
  media: null,
  why: 'did not come, or was not kept',
  ...(alt !== undefined && { alt }),
});

/** The rows of the file of a table's artifact; none of what is no table. */
export async function artifactRows(bytes: Buffer): Promise<Cells> {
  const table = await readJson(bytes, 'The artifact of the table').catch((cause: unknown) => {
    if (cause instanceof StoreError && cause.status === 400) {
      return undefined;
    }
    throw cause;
  });
  const data = isObject(table) && Array.isArray(table.data) ? table.data.slice(0, ROWS_OF_FILE) : [];
  return data.map((row) => (Array.isArray(row) ? row : []));
}

/** Says whether all media that the rows of an artifact name are there. */
export const areKept = (rows: Cells, kept: Kept): Promise<boolean> => inTurns(search(rows, kept));

function* search(rows: Cells, kept: Kept): Steps<boolean> {
  for (const row of rows) {
    for (const cell of row.flat()) {
      const named = wandbMedia(cell);
      if (named && !kept(named)) {
        return false;
      }
    }
    yield;
  }
  return true;
}

/**
 * Puts references where the file of a table only names its images and sounds, from the rows of its artifact, which are the
 * same. A column whose media are not known stays as it is, and is given to `leave`, as are those whose files are missing.
 */
export async function fillMedia(
  { columns, rows }: TableFile,
  artifact: Cells | undefined,
  kept: Kept,
  leave: (column: string) => void,
): Promise<void> {
  const named = namedMedia({ columns, rows });
  const first = (artifact?.length ?? 0) - rows.length;
  const left = new Set<number>(artifact && first >= 0 ? [] : named);
  if (artifact && first >= 0 && named.length > 0) {
    await inTurns(fill(rows, artifact.slice(first), named, kept, left));
  }
  for (const column of left) {
    leave(columns[column] ?? '');
  }
}

function* fill(
  rows: unknown[][],
  artifact: Cells,
  named: readonly number[],
  kept: Kept,
  left: Set<number>,
): Steps<void> {
  const filled = (cell: unknown, column: number) => {
    const told = wandbMedia(cell);
    const ref = told && kept(told);
    if (told && !ref) {
      left.add(column);
    }
    return told && (ref ? { ...ref, ...(told.alt !== undefined && { alt: told.alt }) } : notKept(told.alt));
  };
  for (const [i, row] of rows.entries()) {
    for (const column of named) {
      const cell = artifact[i]?.[column];
      const media = Array.isArray(cell) ? cell.map((one) => filled(one, column)) : filled(cell, column);
      // What is no media was the word itself.
      if (media && !(Array.isArray(media) && media.includes(undefined))) {
        row[column] = media;
      }
    }
    yield;
  }
}
