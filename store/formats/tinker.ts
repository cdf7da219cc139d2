import { byName, type Format, rowOf, stepOf } from './Format';
import { scalars } from './scalars';

/**
 * Tinker cookbook: flat `metrics.jsonl`, and `iteration_<N>/{train,eval_*}_rollout_summaries.jsonl`, a line a trajectory
 * with its rewards and no text. A group's number counts within its iteration.
 */
export const tinker: Format = {
  name: 'tinker',
  title: 'Tinker cookbook',
  files: [
    {
      label: 'iteration_<N>/*_rollout_summaries.jsonl',
      reads: 'lines',
      match: byName(/(?:^|\/)iteration_(\d+)\/\w+_rollout_summaries\.jsonl$/),
      take: ({ iteration: _, group_idx, ...record }, { place }) => {
        const { step } = place;
        const row = { ...(group_idx !== undefined && { groupId: `${step}/${group_idx}` }), ...record };
        const table = /\/train_rollout_summaries\.jsonl$/.test(place.path) ? 'rollouts' : 'eval_rollouts';
        return [rowOf(row, table, step === undefined ? {} : { step })];
      },
    },
    {
      label: 'metrics.jsonl with env/… or progress/…',
      reads: 'lines',
      match: byName(/(?:^|\/)metrics\.jsonl$/),
      runOf: (path) => path,
      accepts: (record) => Object.keys(record).some((name) => /^(env|progress)\//.test(name)),
      take: (record, { place, leave }) => {
        const { step: _, ...data } = record;
        const { metrics, others } = scalars(data);
        Object.keys(others).forEach(leave);
        return [{ kind: 'metrics', ...stepOf(record, place), metrics }];
      },
    },
  ],
};
