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

/** What is counted: the reward, else whether the answer is right. */
export function valueColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return columns.find(({ role }) => role === 'reward') ?? columns.find(({ role }) => role === 'correct');
}

/** How long a response is. */
export function lengthColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return LENGTHS.flatMap((pattern) => columns.filter((column) => isNumber(column) && pattern.test(column.name)))[0];
}

/** How many versions older than the one that is trained the policy of a rollout was. */
export function ageColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  return columns.find((column) => isNumber(column) && column.name === POLICY_AGE);
}
