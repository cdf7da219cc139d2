import { textOf } from './coerce';
import { byName, type Format, rowOf } from './Format';
import { milesTurns, trajectoryEvent } from './milesTurns';
import { scalars } from './scalars';
import { tokenCell } from './tokenCell';
import { AGENT_ROLES } from './turns';

/**
 * miles: `trajectory/<N>.jsonl`, and `eval_<N>.jsonl` of evals, with `sample_index, group_index, status, reward, prompt,
 * messages`; `dashboard_columns/rollout_{eval_}<N>.parquet` has what is per token, and `dashboard/trajectories` when a
 * sample generated and called tools. Its `.pt` files are pickles.
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
      take: ({ group_index: group, status, label, ...record }, { place, added }) => {
        const { step, path } = place;
        const isEval = /eval_\d+\.jsonl$/.test(path);
        // Samples of evals are counted anew.
        const turns = isEval ? undefined : milesTurns(added?.get(textOf(record.sample_index)) ?? {});
        const row = {
          ...(group !== undefined && group !== null && { groupId: `${step}/${textOf(group)}` }),
          ...(label !== undefined && { groundTruth: label }),
          ...record,
          ...(typeof status === 'string' && { status, truncated: /truncated$/i.test(status) }),
          // Of a sample it says that something went wrong in making it (`Sample.Status`).
          ...(/failed$/i.test(textOf(status)) && { error: status }),
          ...(turns && { turns }),
        };
        const table = isEval ? 'eval_rollouts' : 'rollouts';
        return [rowOf(row, table, { ...(step !== undefined && { step }), roles: AGENT_ROLES })];
      },
    },
    {
      label: 'dashboard_columns/rollout_{eval_}<N>.parquet',
      reads: 'parquet',
      match: byName(/(?:^|\/)dashboard_columns\/rollout_(?:eval_)?(\d+)\.parquet$/),
      take: ({ tokens, loss_mask: mask, rollout_log_probs: logProbs, ...record }, { place, leave }) => {
        const ofResponse =
          Array.isArray(tokens) && Array.isArray(logProbs) ? tokens.slice(-logProbs.length) : undefined;
        const cell = tokenCell({ engineLogprob: logProbs, id: ofResponse, mask }, leave);
        const row = {
          ...record,
          tokenCount: Array.isArray(tokens) ? tokens.length : null,
          trainedTokens: sumOf(mask),
          meanLogProb: Array.isArray(logProbs) && logProbs.length > 0 ? (sumOf(logProbs) ?? 0) / logProbs.length : null,
          ...(cell && { tokens: cell }),
        };
        const table = /eval_\d+\.parquet$/.test(place.path) ? 'eval_rollout_columns' : 'rollout_columns';
        return [rowOf(row, table, place.step === undefined ? {} : { step: place.step })];
      },
    },
    {
      label: 'dashboard/trajectories.jsonl, or dashboard/trajectories/<hour>.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)dashboard\/trajectories(?:\/[^/]+)?\.jsonl$/),
      accepts: (record) => 'ts' in record && 'sample_index' in record,
      adds: (record) => {
        const fields = trajectoryEvent(record);
        return fields && { id: textOf(record.sample_index), fields };
      },
      take: () => [],
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
