import type { RunGauge } from '@rolloscope/contract';
import type { Judgement } from '../alerts/judgeEval';

export type EvalGauge = Extract<RunGauge, `rolloscope_eval_${string}`>;

/** Values of the gauges by a judgement; undefined where it has none. Flags are those of a run that is not muted. */
export const EVAL_VALUES: Record<EvalGauge, (judgement: Judgement) => number | undefined> = {
  rolloscope_eval_last: ({ eval: one }) => one.value,
  rolloscope_eval_standard_error: ({ standardError }) => standardError,
  rolloscope_eval_step: ({ eval: one }) => one.step,
  rolloscope_eval_timestamp_seconds: ({ eval: one }) => one.time / 1_000,
  rolloscope_eval_prompts: ({ eval: one }) => one.prompts ?? 0,
  rolloscope_eval_best: ({ bestSingle }) => bestSingle,
  rolloscope_eval_reference: ({ againstBest }) => againstBest?.reference.value,
  rolloscope_eval_reference_standard_error: ({ againstBest }) => againstBest?.reference.standardError,
  rolloscope_eval_reference_step: ({ againstBest }) => againstBest?.reference.steps.at(-1),
  rolloscope_eval_drop: ({ againstBest }) => againstBest?.drop,
  rolloscope_eval_drop_standard_error: ({ againstBest }) => againstBest?.standardError,
  rolloscope_eval_drop_limit: ({ againstBest }) => againstBest?.limit,
  rolloscope_eval_regressed: ({ regressed }) => (regressed ? 1 : 0),
  rolloscope_eval_baseline_gap: ({ againstBaseline }) => againstBaseline?.drop,
  rolloscope_eval_below_baseline: ({ belowBaseline }) => (belowBaseline ? 1 : 0),
};

/** Flags, which are 0 for a run that is muted or has ended. */
export const EVAL_FLAGS: readonly string[] = ['rolloscope_eval_regressed', 'rolloscope_eval_below_baseline'];
