import type { TableColumn, WholeRow } from '../../data/TableData';
import { readTranscript, withoutOpening } from '../transcript/readTranscript';
import { cellOf } from '../verdict/readOutcome';

/** A row as parts that are mounted in the reader see it. */
export interface ReadRow {
  rowId: string;
  cells: WholeRow;
  columns: readonly TableColumn[];
}

/** The conversation of a row, in sections of turns: from its messages, or else from its prompt and response. */
export function readRow(cells: WholeRow, columns: readonly TableColumn[]) {
  // What the store took out of the messages is read in them.
  const logged = columns.filter(({ isDerived }) => !isDerived);
  return withoutOpening(
    readTranscript({
      prompt: cellOf(cells, logged, 'prompt'),
      response: cellOf(cells, logged, 'response'),
      messages: cellOf(cells, logged, 'messages'),
    }),
  );
}
