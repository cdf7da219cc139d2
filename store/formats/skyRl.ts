import { byName, type Format, rowOf } from './Format';
import { scalars } from './scalars';

/**
 * SkyRL: `dumped_evals/global_step_<N>_evals/<dataset>.jsonl`, with `input_prompt, output_response, score, stop_reason,
 * env_class …`; the score of a rollout of several turns is a list of rewards, and means their sum.
 */
export const skyRl: Format = {
  name: 'skyrl',
  title: 'SkyRL',
  files: [
    {
      label: 'global_step_<N>_evals/aggregated_results.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)global_step_(\d+)_evals\/aggregated_results\.jsonl$/),
      take: (record, { place, leave }) => {
        const { metrics, others } = scalars(record);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...(place.step !== undefined && { step: place.step }), metrics }];
      },
    },
    {
      label: 'global_step_<N>_evals/<dataset>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)global_step_(\d+)_evals\/[^/]+\.jsonl$/),
      accepts: (record) => 'output_response' in record,
      take: ({ env_class, ...record }, { place }) => {
        const row = {
          ...record,
          score: Array.isArray(record.score) ? sum(record.score) : record.score,
          ...(env_class !== undefined && { environment: env_class }),
          ...('stop_reason' in record && { truncated: record.stop_reason === 'length' }),
          dataset: /([^/]+)\.jsonl$/.exec(place.path)?.[1],
        };
        return [rowOf(row, 'eval_rollouts', place.step === undefined ? {} : { step: place.step })];
      },
    },
  ],
};

const sum = (scores: unknown[]) =>
  scores.reduce<number>((total, score) => total + (typeof score === 'number' ? score : 0), 0);
