import { byName, type Format, isObject, rowOf } from './Format';
import { scalars } from './scalars';

const FOLDER = String.raw`(?:^|\/)(?:global_step_(\d+)_evals|dumped_evals\/eval_only)\/`;
const TRUTHS = ['ground_truth', 'groundtruth', 'answer'];

/**
 * SkyRL: `dumped_evals/global_step_<N>_evals/<dataset>.jsonl`, `eval_only` where nothing is trained, with `input_prompt,
 * output_response, score, stop_reason, env_class, env_extras …`; the score of a rollout may be a list, of its tokens or
 * turns, and means their sum. What is right is where its tasks have it, which is theirs to choose.
 */
export const skyRl: Format = {
  name: 'skyrl',
  title: 'SkyRL',
  files: [
    {
      label: 'dumped_evals/{global_step_<N>_evals,eval_only}/aggregated_results.jsonl',
      reads: 'lines',
      match: byName(new RegExp(`${FOLDER}aggregated_results\\.jsonl$`)),
      take: (record, { place, leave }) => {
        const { metrics, others } = scalars(record);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...(place.step !== undefined && { step: place.step }), metrics }];
      },
    },
    {
      label: 'dumped_evals/{global_step_<N>_evals,eval_only}/<dataset>.jsonl',
      reads: 'lines',
      match: byName(new RegExp(`${FOLDER}[^/]+\\.jsonl$`)),
      accepts: (record) => 'output_response' in record,
      take: ({ env_class, ...record }, { place }) => {
        const groundTruth = truthOf(record.env_extras);
        const row = {
          ...record,
          ...(groundTruth !== undefined && { groundTruth }),
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

/** Finds what is right in what the task has besides its prompt: as verl's datasets have it, or by its own name. */
function truthOf(extras: unknown): unknown {
  if (!isObject(extras)) {
    return undefined;
  }
  const { reward_spec: spec, reward_model: model, extra_info: info } = extras;
  const places = [spec, model, extras, info].filter(isObject);
  return places.flatMap((place) => TRUTHS.map((name) => place[name])).find((one) => one !== undefined && one !== null);
}

const sum = (scores: unknown[]) =>
  scores.reduce<number>((total, score) => total + (typeof score === 'number' ? score : 0), 0);
