import { POLICY_AGE } from '@rolloscope/contract/names';
import type { TableColumn } from '../data/TableData';

/** Lengths as the store derives them, or as trainers log them: tokens or characters of a response. */
const LENGTHS = [
  /^chars$/,
  /^(response|completion|output)[_/.]?(length|len|tokens|chars)$/i,
  /^(num|n)_?tokens$/i,
  /length$/i,
];

const isNumber = ({ type }: TableColumn) => type === 'number';

/** Returns the column that is counted: the reward, else whether the answer is right. */
export function valueColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return columns.find(({ role }) => role === 'reward') ?? columns.find(({ role }) => role === 'correct');
}

/** Returns the column with the length of a response, in tokens or characters; undefined where there is none. */
export function lengthColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return LENGTHS.flatMap((pattern) => columns.filter((column) => isNumber(column) && pattern.test(column.name)))[0];
}

/** Returns the column that says how many versions older than the one that is trained a rollout's policy was. */
export function ageColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return columns.find((column) => isNumber(column) && column.name === POLICY_AGE);
}
