import { cellTruth } from '../../data/cellValues';
import type { TableColumn, WholeRow } from '../../data/TableData';
import type { Section } from '../transcript/readTranscript';
import { compareAnswers, referenceAnswers } from './compareAnswers';
import { type FoundAnswer, findAnswer } from './findAnswer';

export interface Outcome {
  answer?: FoundAnswer;
  /** The answers that the ground truth allows; empty where none is logged, or none that a reader could compare. */
  references: string[];
  /** True where the answer is one of them; left out where there is nothing to compare. */
  matches?: boolean;
  /** The trainer's own verdict; left out where none is logged. */
  logged?: boolean;
}

/** The value of the first column in a role. */
export function cellOf(cells: WholeRow, columns: readonly TableColumn[], role: TableColumn['role']): unknown {
  const column = columns.find((one) => one.role === role);
  return column && cells.get(column.name);
}

/** Reads how a rollout ended: its answer, and whether that is the ground truth's. */
export function readOutcome(cells: WholeRow, columns: readonly TableColumn[], sections: readonly Section[]): Outcome {
  const last = sections
    .at(-1)
    ?.turns.filter(({ role }) => role === 'assistant')
    .at(-1);
  // Parts are searched as they were read: a thinking part that the prompt opened is none of the answer.
  const said = last?.parts.filter(({ kind }) => kind === 'text' || kind === 'answer') ?? [];
  const answer = findAnswer(said.map(({ open, text, close }) => open + text + close).join(''));
  const references = [...new Set(referenceAnswers(cellOf(cells, columns, 'groundTruth')))].slice(0, 5);
  const logged = verdictOf(cellOf(cells, columns, 'correct'));
  return {
    references,
    ...(answer && { answer }),
    ...(answer &&
      references.length > 0 && { matches: references.some((reference) => compareAnswers(answer.text, reference)) }),
    ...(logged !== undefined && { logged }),
  };
}

function verdictOf(cell: unknown): boolean | undefined {
  // An accuracy between the two says neither.
  const isShare = typeof cell === 'number' && cell !== 0 && cell !== 1;
  return isShare ? undefined : (cellTruth(cell) ?? undefined);
}
