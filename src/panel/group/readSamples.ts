import { charCount } from '@rolloscope/contract/charCount';
import { FAILED, FAILURE } from '@rolloscope/contract/names';
import { descending } from '../../shared/descending';
import { cellReward, cellTruth } from '../data/cellValues';
import type { Page, TableColumn } from '../data/TableData';
import { recomputeAdvantages } from './advantages';

/** A rollout to compare, and where it stands. */
export interface Side {
  page: Page;
  row: number;
  rowId: string;
  /** The rollout's name, such as `#1`, the first logged of its group. */
  name: string;
  reward: number | undefined;
}

export interface Sample extends Side {
  /** The advantage as recomputed from the rewards of the group; null where the reward is no finite number. */
  advantage: number | null;
  logged: unknown;
  isTruncated: boolean;
  /** The kind of failure around the policy; null where nothing failed, or nothing tells. */
  failure: string | null;
  /** Characters of the response. */
  chars: number | undefined;
  response: string;
  /** The response goes on after what the page holds of it. */
  isCut: boolean;
}

/**
 * The rollouts of a group, the best first; among equals the first logged, and those without a finite reward last. Of a group that is not whole (`isWhole`) no
 * advantage can be told.
 */
export function readSamples(page: Page, columns: readonly TableColumn[], isWhole = true): Sample[] {
  const named = (role: TableColumn['role']) => columns.find((column) => column.role === role)?.name;
  const read = (name: string | undefined, row: number) => (name === undefined ? null : page.cell(row, name));
  const rows = Array.from({ length: page.count }, (_, row) => row);
  const [reward, logged, truncated, response] = [
    named('reward') ?? named('correct'),
    named('advantage'),
    named('truncated'),
    named('response'),
  ];
  const hasFailures = columns.some(({ name, isDerived }) => name === FAILED && isDerived);
  const rewards = rows.map((row) => cellReward(read(reward, row)));
  const advantages = isWhole
    ? recomputeAdvantages(
        rewards,
        rows.map((row) => read(logged, row)),
      )
    : undefined;
  const samples = rows.map((row): Sample => {
    const text = read(response, row);
    const chars = read('chars', row);
    return {
      page,
      row,
      rowId: page.rowId(row),
      name: `#${row + 1}`,
      reward: rewards[row],
      advantage: advantages?.values[row] ?? null,
      logged: read(logged, row),
      isTruncated: cellTruth(read(truncated, row)) === true,
      failure: hasFailures && page.cell(row, FAILED) === true ? String(page.cell(row, FAILURE) ?? 'error') : null,
      chars: typeof chars === 'number' ? chars : typeof text === 'string' ? charCount(text) : undefined,
      response: typeof text === 'string' ? text : '',
      isCut: response !== undefined && page.fullLength(row, response) !== undefined,
    };
  });
  return samples.sort((a, b) => descending(a.reward, b.reward) || a.row - b.row);
}

/** The best and the worst of samples in order, of those with a finite reward where there are some. */
export function endsOf(samples: readonly Sample[]): [best: Sample | undefined, worst: Sample | undefined] {
  return [samples[0], samples.filter(({ reward }) => Number.isFinite(reward)).at(-1) ?? samples.at(-1)];
}
