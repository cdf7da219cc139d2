import { textOf } from './coerce';
import { byName, type Format, rowOf } from './Format';
import { scalars } from './scalars';

/**
 * miles: `trajectory/<N>.jsonl`, and `eval_<N>.jsonl` of evals, with `sample_index, group_index, status, reward, prompt,
 * messages`; `dashboard_columns/rollout_{eval_}<N>.parquet` has what is per token, of which sums are kept. Its `.pt` files are
 * pickles.
 */
export const miles: Format = {
  name: 'miles',
  title: 'miles',
  files: [
    {
      label: 'trajectory/{eval_}<N>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)trajectory\/(?:eval_)?(\d+)\.jsonl$/),
      accepts: (record) => 'sample_index' in record && ('messages' in record || 'prompt' in record),
      take: ({ group_index: group, status, label, ...record }, { place }) => {
        const { step, path } = place;
        const row = {
          ...(group !== undefined && group !== null && { groupId: `${step}/${textOf(group)}` }),
          ...(label !== undefined && { groundTruth: label }),
          ...record,
          ...(typeof status === 'string' && { status, truncated: /truncated$/i.test(status) }),
        };
        const table = /eval_\d+\.jsonl$/.test(path) ? 'eval_rollouts' : 'rollouts';
        return [rowOf(row, table, step === undefined ? {} : { step })];
      },
    },
    {
      label: 'dashboard_columns/rollout_{eval_}<N>.parquet',
      reads: 'parquet',
      match: byName(/(?:^|\/)dashboard_columns\/rollout_(?:eval_)?(\d+)\.parquet$/),
      take: ({ tokens, loss_mask: mask, rollout_log_probs: logProbs, ...record }, { place, leave }) => {
        leave('token ids and log probabilities');
        const row = {
          ...record,
          tokenCount: Array.isArray(tokens) ? tokens.length : null,
          trainedTokens: sumOf(mask),
          meanLogProb: Array.isArray(logProbs) && logProbs.length > 0 ? (sumOf(logProbs) ?? 0) / logProbs.length : null,
        };
        const table = /eval_\d+\.parquet$/.test(place.path) ? 'eval_rollout_columns' : 'rollout_columns';
        return [rowOf(row, table, place.step === undefined ? {} : { step: place.step })];
      },
    },
    {
      label: 'dashboard/metrics.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)dashboard\/metrics\.jsonl$/),
      accepts: (record) => 'ts' in record,
      take: ({ ts, kind: _, step, rollout_id: rollout, ...record }, { leave }) => {
        const { metrics, others } = scalars(record);
        Object.keys(others).forEach(leave);
        const at = [step, rollout].find(Number.isSafeInteger) as number | undefined;
        const time = typeof ts === 'number' ? Math.round(ts < 1e11 ? ts * 1_000 : ts) : undefined;
        return [
          { kind: 'metrics', ...(at !== undefined && { step: at }), ...(time !== undefined && { time }), metrics },
        ];
      },
    },
  ],
};

const sumOf = (list: unknown): number | null =>
  Array.isArray(list) ? list.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0) : null;
