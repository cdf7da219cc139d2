import type { Comparison } from './Eval';
import type { Judgement } from './judgeEval';
import type { Told } from './OpenAlerts';

/** Three significant digits, without an exponent where that can be read. */
export const short = (value: number) => String(Number(value.toPrecision(3)));

const SOURCES = {
  paired: 'paired test over the same prompts',
  samples: 'standard error from prompts and their samples',
  prompts: 'standard error from the number of prompts',
  noise: 'number of prompts unknown: standard error from the noise of earlier evals',
} as const;

/** Puts an alert about an eval into words: values, their errors, the limit, and how it was judged. */
export function tellEval(
  metric: string,
  task: string,
  judgement: Judgement,
  comparison: Comparison,
  what: string,
): Told {
  const { eval: one } = judgement;
  const { reference, drop, standardError, limit, source } = comparison;
  const plus = (error: number | undefined) => (error === undefined ? '' : ` ± ${short(error)}`);
  const error = judgement.standardError;
  const where = reference.steps.length > 1 ? `steps ${reference.steps.join(', ')}` : `step ${reference.steps[0]}`;
  return {
    time: one.time,
    step: one.step,
    title: `${metric} ${what}: ${short(one.value)}${plus(error)} against ${short(reference.value)}${plus(reference.standardError)}`,
    text:
      `Worse by ${short(drop)} ± ${short(standardError)}, limit ${short(limit)} (${SOURCES[source]}); ` +
      `compared with ${where}${one.prompts === undefined ? '' : `, ${one.prompts} prompts`}.`,
    values: {
      task,
      value: one.value,
      ...(error !== undefined && { standardError: error }),
      reference: reference.value,
      ...(reference.standardError !== undefined && { referenceStandardError: reference.standardError }),
      referenceSteps: reference.steps,
      drop,
      dropStandardError: standardError,
      limit,
      source,
      ...(one.prompts !== undefined && { prompts: one.prompts }),
    },
  };
}

/** Puts a duration in milliseconds into words: in seconds, minutes or hours. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 120
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3_600)} h`;
}
