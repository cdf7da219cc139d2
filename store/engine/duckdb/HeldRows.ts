import { isText } from './Layout';
import { BLOCK_BYTES } from './openFile';
import type { PlacedTable } from './placeColumns';

/** Columns of `rows_<k>` and of `texts_<k>` that are not logged ones. */
const OWN_COLUMNS = 9;
/** A column has its values and which of them are null, each in a block. */
const BLOCKS_OF_COLUMN = 2;

/** The memory of tables that got rows since the log was folded in, about: by their columns, however few the rows. */
export class HeldRows {
  private readonly columns = new Map<number, number>();
  private sum = 0;

  get bytes(): number {
    return this.sum * BLOCKS_OF_COLUMN * BLOCK_BYTES;
  }

  add({ key, physical }: Pick<PlacedTable, 'key' | 'physical'>): void {
    // A text has its beginning, its length and all of it.
    const count = physical.reduce((sum, { type }) => sum + (isText(type) ? 3 : 1), OWN_COLUMNS);
    this.sum += count - (this.columns.get(key) ?? 0);
    this.columns.set(key, count);
  }

  clear(): void {
    this.columns.clear();
    this.sum = 0;
  }
}
