import { COMPLETIONS, EVAL_COMPLETIONS } from './completionsTable';

/** Names that transformers puts beside the metrics of a training and of an eval alike. */
const BESIDE = new Set(['train/global_step', 'train/epoch', 'epoch']);

/**
 * Says whether a logged line is one of an eval, by the names of its metrics; undefined where it says neither. TRL logs
 * the completions of an eval right after its metrics, under the name that those of the training have.
 */
export function isEvalLine(metrics: readonly string[]): boolean | undefined {
  const said = metrics.filter((name) => !BESIDE.has(name));
  const isOf = (split: string) => said.some((name) => name.startsWith(`${split}/`));
  return isOf('train') ? false : isOf('eval') ? true : undefined;
}

/** The table that completions go to. */
export const tableOfCompletions = (table: string, isEval: boolean | undefined): string =>
  table === COMPLETIONS && isEval === true ? EVAL_COMPLETIONS : table;
